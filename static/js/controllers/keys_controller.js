// The keyboard: digits rate, space and arrows play, / searches, ? tells which keys there are. Silent while typing.
// What to rate: what the rating queue asks about; else the picture in the lightbox; else the chosen items; else the item that has the focus, or that the pointer
// came to just now; else the song that plays; else the item under the pointer; else what the page is about
// ([data-rating-main]); else the paused song.
import { Controller } from "../../vendor/stimulus.js"

const WAIT = 2000 // milliseconds in which the two digits after r are awaited
const SEEK = 10 // seconds
const FRESH = 5000 // milliseconds after which a resting pointer means its item less than the song that plays
const ITEM = ".card-item, .rows tbody tr, .catalogue-table tbody tr, .picks > li"

export default class extends Controller {
  static targets = ["search", "dialog"]

  help() { if (this.hasDialogTarget && !this.dialogTarget.open) this.dialogTarget.showModal() }

  follow({ detail }) { this.player = detail }

  remember({ detail }) { this.undone = detail.undo || this.undone }

  point() { this.pointed = performance.now() }

  press(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    if (this.hasDialogTarget && this.dialogTarget.open) return
    if (this.act(event.key, event)) event.preventDefault()
  }

  act(key, event) {
    if (/^[0-9]$/.test(key)) return this.digit(key)
    const half = this.half
    this.half = undefined
    if (key === "r" && half === undefined) return this.begin()
    if (key === "/") return this.search()
    if (key === "u") return this.undo()
    if (key === "?") { this.help(); return true }
    if (key === " " && event.target.closest?.("button, summary")) return false
    if (!this.player?.song || document.querySelector("[data-lightbox-bar]")) return false
    if (key.startsWith("Arrow") && event.target.matches?.("[type=range], [type=radio]")) return false
    if (key === " ") return event.repeat || send("player:toggle")
    if (key === "ArrowLeft") return event.shiftKey ? send("player:previous") : send("player:seek", { by: -SEEK })
    if (key === "ArrowRight") return event.shiftKey ? send("player:next") : send("player:seek", { by: SEEK })
    return false
  }

  begin() {
    this.half = ""
    clearTimeout(this.timer)
    this.timer = setTimeout(() => { this.half = undefined }, WAIT)
    return true
  }

  digit(key) {
    if (this.half === undefined) return this.rate(Number(key))
    this.half += key
    if (this.half.length < 2) return true
    const rating = this.half === "10" ? 10 : Number(`${this.half[0]}.${this.half[1]}`)
    this.half = undefined
    return this.rate(rating)
  }

  rate(rating) {
    const asked = document.querySelector("form.asked-answer")
    if (asked) return tell(asked, "rating:rate", rating)
    const large = document.querySelector("[data-lightbox-bar] form.rating")
    const chosen = document.querySelector('form.selection[data-count]:not([data-count="0"])')
    if (!large && chosen) return tell(chosen, "selection:rate", rating)
    const near = document.activeElement?.closest(`form.rating, ${ITEM}`)
    const under = document.querySelector(`:is(${ITEM}):hover`)
    const meant = performance.now() - (this.pointed ?? -FRESH) < FRESH ? under : null
    const first = form(large ?? near ?? meant)
    if (first) return tell(first, "rating:rate", rating)
    const main = form(under) ?? document.querySelector("[data-rating-main] form.rating")
    if (this.player?.song && (this.player.playing || !main)) return send("player:rate", { rating })
    return main ? tell(main, "rating:rate", rating) : false
  }

  // What the last note offers to undo, else the last rating of what this page shows.
  undo() {
    const url = document.querySelector("[data-undo-url]")?.dataset.undoUrl ?? this.undone
    return url ? send("notice:undo", { url }) : false
  }

  search() {
    const field = this.searchTargets.find(target => target.offsetParent !== null) ?? this.searchTargets[0]
    field?.focus()
    field?.select()
    return Boolean(field)
  }
}

function send(name, detail = {}) {
  document.dispatchEvent(new CustomEvent(name, { detail }))
  return true
}

function tell(element, name, rating) {
  element.dispatchEvent(new CustomEvent(name, { detail: { rating } }))
  return true
}

function form(element) {
  return element?.matches("form") ? element : element?.querySelector("form.rating")
}

function isTyping(target) {
  return target.isContentEditable || target.closest?.("select, textarea, input:not([type=checkbox], [type=radio], [type=range])")
}
