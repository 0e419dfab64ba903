// The keyboard: digits rate, space and arrows play, / searches, ? tells which keys there are. Silent while typing.
// What to rate: the picture in the lightbox; else the rating that has the focus; else the song that plays; else what the
// page is about ([data-rating-main]); else the paused song.
import { Controller } from "../../vendor/stimulus.js"

const WAIT = 2000 // milliseconds in which the two digits after r are awaited
const SEEK = 10 // seconds

export default class extends Controller {
  static targets = ["search", "dialog"]

  help() { if (this.hasDialogTarget && !this.dialogTarget.open) this.dialogTarget.showModal() }

  follow({ detail }) { this.player = detail }

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
    const first = document.querySelector("[data-lightbox-bar] form.rating") ?? document.activeElement?.closest("form.rating")
    const main = first ?? document.querySelector("[data-rating-main] form.rating")
    if (!first && this.player?.song && (this.player.playing || !main)) return send("player:rate", { rating })
    main?.dispatchEvent(new CustomEvent("rating:rate", { detail: { rating } }))
    return Boolean(main)
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

function isTyping(target) {
  return target.isContentEditable || target.closest?.("select, textarea, input:not([type=checkbox], [type=radio], [type=range])")
}
