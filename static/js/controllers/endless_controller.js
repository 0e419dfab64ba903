// A long list as one: the page that the server sent stands there, all others as empty room of their height, filled when
// they come near and emptied when far. The address follows what is seen. Without script there is the pager.
import { Controller } from "../../vendor/stimulus.js"
import { Sections } from "../sections.js"

const NEAR = "150% 0px" // of the window, above and below, in which pages are filled
const AT_ONCE = 2 // pages that are asked for at a time
const MOST_ROOM = 15e6 // pixels; browsers end at 17 million
const CALM = { ask: 60, follow: 300, size: 200 } // milliseconds

export default class extends Controller {
  static targets = ["list", "number"]
  static values = { url: String, page: Number, pages: Number, size: Number, total: Number }

  connect() {
    this.stop = new AbortController()
    const { signal } = this.stop
    window.addEventListener("scroll", () => this.later("follow", () => this.follow()), { signal, passive: true })
    window.addEventListener("resize", () => this.later("size", () => this.measure()), { signal })
    document.addEventListener("turbo:load", () => requestAnimationFrame(() => this.settle()), { signal, once: true })
    document.addEventListener("turbo:morph", () => this.begun !== this.key && this.begin(), { signal })
    this.begin()
  }

  // Back on a list that stood elsewhere: the page that the address names is where one is.
  settle() {
    const list = this.sections.get(Number(new URL(location.href).searchParams.get("page")))
    const { top, bottom } = list?.getBoundingClientRect() ?? {}
    if (bottom < 0 || top > innerHeight) list.scrollIntoView()
  }

  disconnect() {
    this.stop.abort()
    this.end()
  }

  end() {
    this.seen?.disconnect()
    this.sections?.stop()
    Object.values(this.timers ?? {}).forEach(clearTimeout)
  }

  get key() { return `${this.urlValue} ${this.totalValue} ${this.sizeValue}` }

  begin() {
    this.end()
    const sections = new Sections(this.listTarget)
    Object.assign(this, { begun: this.key, timers: {}, wanted: new Set(), sections, current: this.pageValue })
    if (this.pagesValue < 2 || !sections.has(this.pageValue)) return
    const restored = sections.lists.size > 1
    const most = Math.max(4, Math.floor(MOST_ROOM / this.measure()))
    const first = Math.max(1, Math.min(this.pageValue - (most >> 1), this.pagesValue - most))
    sections.lay(first, Math.min(this.pagesValue, first + most), sections.get(this.pageValue))
    this.measure()
    if (this.pageValue > 1 && !restored) sections.get(this.pageValue).scrollIntoView()
    this.seen = new IntersectionObserver(entries => this.watch(entries), { rootMargin: NEAR })
    sections.lists.forEach(list => this.seen.observe(list))
  }

  measure() {
    return this.sections.measure({ size: this.sizeValue, total: this.totalValue, pages: this.pagesValue },
      this.element.classList)
  }

  watch(entries) {
    for (const { target, isIntersecting } of entries) {
      const number = Number(target.dataset.page)
      isIntersecting ? this.wanted.add(number) : this.wanted.delete(number)
      if (!isIntersecting) this.sections.abort(number)
    }
    this.later("ask", () => this.ask())
  }

  ask() {
    const { sections } = this
    const empty = [...this.wanted].filter(number => !sections.coming.has(number) && !sections.isFilled(number))
    const middle = this.middle() ?? this.current
    empty.sort((one, other) => Math.abs(one - middle) - Math.abs(other - middle))
    for (const number of empty.slice(0, AT_ONCE - sections.coming.size)) this.fill(number)
  }

  async fill(number) {
    const { sections } = this
    const url = new URL(this.urlValue, location.href)
    url.search = new URLSearchParams([...url.searchParams, ["page", number], ["part", "items"]])
    await sections.fill(number, url)
    if (sections !== this.sections || this.stop.signal.aborted) return
    sections.thin(this.middle() ?? this.current, this.wanted)
    if (sections.isFilled(number)) this.later("ask", () => this.ask())
    else setTimeout(() => this.seen && this.later("ask", () => this.ask()), 1000) // the server was away or busy
  }

  // The page in the middle of the window.
  middle() {
    const near = [...this.wanted].sort((one, other) => one - other)
    return near.find(number => this.sections.get(number).getBoundingClientRect().bottom > innerHeight / 2)
  }

  follow() {
    const here = this.middle()
    if (!here || here === this.current) return
    this.current = here
    if (this.hasNumberTarget && document.activeElement !== this.numberTarget) this.numberTarget.value = here
    const url = new URL(location.href)
    here > 1 ? url.searchParams.set("page", here) : url.searchParams.delete("page")
    history.replaceState(history.state, "", url)
  }

  jump(event) {
    const number = Math.round(Number(this.numberTarget.value))
    if (!this.sections.has(number)) return
    event.preventDefault()
    this.sections.get(number).scrollIntoView()
  }

  // A refresh of the same list: what stands there is asked for again, so that nothing moves below the reader.
  keep(event) {
    const fresh = event.detail.newElement?.closest?.("[data-controller~=endless]")?.dataset
    if (event.target !== this.listTarget || !fresh) return
    if (`${fresh.endlessUrlValue} ${fresh.endlessTotalValue} ${fresh.endlessSizeValue}` !== this.begun) return
    event.preventDefault()
    for (const number of this.sections.filled) this.fill(number)
  }

  later(name, act) {
    this.timers[name] ??= setTimeout(() => { delete this.timers[name]; act() }, CALM[name])
  }
}
