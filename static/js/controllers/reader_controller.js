// The reader: goes back to where one was, keeps the place while one reads, turns pages by the arrows.
// A place is the page and the share of it that lies above the window: 3.42.
import { Controller } from "../../vendor/stimulus.js"
import { visit } from "../../vendor/turbo.es2017-esm.js"

const CALM = 700 // milliseconds after the last movement
const DWELL = 3000 // a page that was open for so long is read
const TYPING = "textarea, select, input"

export default class extends Controller {
  static targets = ["text"]
  static values = { url: String, page: Number, share: Number }

  connect() {
    if (document.documentElement.hasAttribute("data-turbo-preview")) return
    this.at = this.pageValue + this.shareValue
    if (this.shareValue && !location.hash) requestAnimationFrame(() => this.goBack())
    else this.later(DWELL)
  }

  disconnect() { clearTimeout(this.timer) }

  // The next page is scrolled to its top before this one is gone: that is no movement of the person.
  leave() {
    this.keep()
    this.at = undefined
  }

  scrolled() {
    if (this.at === undefined) return
    const { top, height } = this.textTarget.getBoundingClientRect()
    const share = Math.min(Math.max((this.edge - top) / (height || 1), 0), 0.999)
    this.at = this.pageValue + Math.round(share * 1000) / 1000
    this.later(CALM)
  }

  // The last chance may be a page that goes away: a beacon still arrives.
  keep() {
    clearTimeout(this.timer)
    if (this.at === undefined || this.at === this.kept) return
    const token = document.querySelector('meta[name="csrf-token"]')?.content ?? ""
    const sent = navigator.sendBeacon(this.urlValue, new URLSearchParams({ at: this.at, csrf_token: token }))
    if (sent) this.kept = this.at
  }

  press(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    if (event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return
    const way = { ArrowLeft: "prev", ArrowRight: "next" }[event.key]
    const link = way && this.element.querySelector(`a[rel=${way}]`)
    if (!link) return
    event.preventDefault()
    visit(link.href)
  }

  goBack() {
    const { top, height } = this.textTarget.getBoundingClientRect()
    window.scrollTo({ top: window.scrollY + top + this.shareValue * height - this.edge, behavior: "instant" })
  }

  later(wait) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.keep(), wait)
  }

  get edge() { return document.querySelector(".top")?.getBoundingClientRect().bottom ?? 0 }
}
