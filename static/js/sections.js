// The pages of an endless list: empty room of their height, filled with what the server answers and emptied again.

const MOST_FILLED = 5
const SLICE = 6 // items that are put in before the browser may draw: no long pause while one scrolls
const FOCUSABLE = "a, button, input"

export class Sections {
  constructor(root) {
    this.root = root
    this.coming = new Map() // number -> request on its way
    this.lists = new Map([...root.children].map(list => [Number(list.dataset.page), list]))
  }

  get(number) { return this.lists.get(number) }
  has(number) { return this.lists.has(number) }
  get filled() { return [...this.lists.keys()].filter(number => this.isFilled(number)) }
  isFilled(number) { return Boolean(this.lists.get(number).firstElementChild) }

  // One list a page from first to last; those that are new are empty.
  lay(first, last, like) {
    let before = null
    for (let number = first; number <= last; number++) {
      const list = this.lists.get(number) ?? this.blank(number, like)
      if (list.parentNode !== this.root) before ? before.after(list) : this.root.prepend(list)
      before = list
    }
  }

  blank(number, like) {
    const list = document.createElement("ul")
    list.className = `${like.className.replace(" is-waiting", "")} is-waiting`
    Object.assign(list, { id: `page-${number}`, ariaHidden: "true" })
    list.dataset.page = number
    this.lists.set(number, list)
    return list
  }

  // The room of a page by the cards that stand there, all alike; the last page has fewer. Answers the pixels from page to
  // page. What is out of sight has no height of its own while the class is there that leaves it undrawn.
  measure({ size, total, pages }, undrawn) {
    const full = [...this.lists.values()].find(list => list.firstElementChild)
    if (!full) return 0
    undrawn.remove("is-endless")
    this.root.style.removeProperty("--row")
    const { gridTemplateColumns, gridTemplateRows, rowGap, paddingTop, marginTop, marginBottom } = getComputedStyle(full)
    const [columns, gap, card] = [gridTemplateColumns.split(" ").length, parseFloat(rowGap) || 0, parseFloat(gridTemplateRows)]
    const room = items => Math.ceil(items / columns) * (card + gap) - gap + 2 * parseFloat(paddingTop)
    this.root.style.setProperty("--row", `${card}px`)
    this.root.style.setProperty("--room", `${room(size)}px`)
    this.lists.get(pages)?.style.setProperty("--room", `${room(total - (pages - 1) * size)}px`)
    undrawn.add("is-endless")
    return room(size) + parseFloat(marginTop) + parseFloat(marginBottom)
  }

  async fill(number, url) {
    const request = new AbortController()
    this.coming.set(number, request)
    try {
      const answer = await fetch(url, { signal: request.signal, credentials: "same-origin" })
      if (answer.ok) await this.put(this.lists.get(number), await answer.text(), request.signal)
    } catch (error) {
      if (error.name !== "AbortError" && error.name !== "TypeError") throw error // gone by, or the server is away
    } finally {
      if (this.coming.get(number) === request) this.coming.delete(number)
    }
  }

  // What had the focus has it again.
  async put(list, text, signal) {
    const items = [...new DOMParser().parseFromString(text, "text/html").querySelectorAll("[data-page] > li")]
    const held = list.contains(document.activeElement) ? document.activeElement.closest("li") : null
    const place = held ? [...held.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement) : -1
    const old = [...list.children]
    for (let at = 0; at < items.length; at += SLICE) {
      if (at) await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)))
      if (signal.aborted && !old.length) return list.replaceChildren()
      old.splice(0, SLICE).forEach(item => item.remove())
      const next = old[0] ?? null
      for (const item of items.slice(at, at + SLICE)) list.insertBefore(item, next)
    }
    old.forEach(item => item.remove())
    if (held && document.activeElement === document.body) {
      document.getElementById(held.id)?.querySelectorAll(FOCUSABLE)[place]?.focus({ preventScroll: true })
    }
    list.classList.remove("is-waiting")
    list.removeAttribute("aria-hidden")
    list.dispatchEvent(new CustomEvent("endless:filled", { bubbles: true }))
  }

  // Only some pages stay filled: the farthest from here are emptied, never the one that has the focus.
  thin(here, wanted) {
    const filled = this.filled.sort((one, other) => Math.abs(other - here) - Math.abs(one - here))
    for (const number of filled.slice(0, Math.max(0, filled.length - MOST_FILLED))) {
      const list = this.lists.get(number)
      if (list.contains(document.activeElement) || wanted.has(number)) continue
      list.classList.add("is-waiting")
      list.ariaHidden = "true"
      list.replaceChildren()
    }
  }

  abort(number) { this.coming.get(number)?.abort() }
  stop() { this.coming.forEach(request => request.abort()) }
}
