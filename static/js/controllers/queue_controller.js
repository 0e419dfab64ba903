// The drawer with the songs that come: play one now, take one out, read why the radio chose it.
import { Controller } from "../../vendor/stimulus.js"
import { player } from "../player/index.js"
import { coming } from "../player/queue.js"
import { factor, length, score } from "../player/words.js"

export default class extends Controller {
  static targets = ["drawer", "button", "list", "row", "reason", "heading", "empty", "clear", "now", "nowWhy"]

  connect() {
    this.stop = new AbortController()
    player.addEventListener("change", () => this.show(), { signal: this.stop.signal })
    this.show()
  }

  disconnect() { this.stop.abort() }

  toggle() { this.drawerTarget.hidden ? this.open() : this.close() }

  open() {
    this.drawerTarget.hidden = false
    this.buttonTarget.setAttribute("aria-expanded", "true")
    this.show()
    this.headingTarget.focus()
  }

  close() {
    if (this.drawerTarget.hidden) return
    this.drawerTarget.hidden = true
    this.buttonTarget.setAttribute("aria-expanded", "false")
    this.buttonTarget.focus()
  }

  jump({ params }) {
    player.jump(params.place)
    this.headingTarget.focus() // the row that was pressed is gone
  }

  clear() { player.clear() }

  remove({ target, params }) {
    const row = target.closest("li")
    const neighbour = row.nextElementSibling ?? row.previousElementSibling
    player.remove(params.place)
    const button = this.listTarget.querySelector(`[data-place="${neighbour?.dataset.place}"] .queue-remove`)
    ;(button ?? this.headingTarget).focus()
  }

  // Rows are made anew only when the queue changed, so that an opened "why" stays open while the song goes on.
  show() {
    if (this.drawerTarget.hidden || this.shown === player.queue) return
    this.shown = player.queue
    const songs = coming(player.queue)
    const opened = [...this.listTarget.querySelectorAll("details[open]")]
    const open = new Set(opened.map(why => why.closest("li").dataset.place))
    this.listTarget.replaceChildren(...songs.map(song => this.row(song, open)))
    this.headingTarget.textContent = `Coming up: ${songs.length} ${songs.length === 1 ? "song" : "songs"}`
    this.emptyTarget.hidden = songs.length > 0
    this.clearTarget.hidden = songs.length === 0
    this.nowTarget.hidden = !player.song?.why
    if (player.song?.why) this.explain(this.nowWhyTarget, player.song.why)
  }

  row(song, open) {
    const row = this.rowTarget.content.firstElementChild.cloneNode(true)
    const part = name => row.querySelector(`.queue-${name}`)
    row.dataset.place = song.place
    part("title").textContent = song.title
    part("by").textContent = song.by
    part("length").textContent = song.duration ? length(song.duration) : ""
    part("jump").setAttribute("aria-label", `Play ${song.title} now`)
    part("remove").setAttribute("aria-label", `Take ${song.title} out`)
    for (const name of ["jump", "remove"]) part(name).dataset.queuePlaceParam = song.place
    part("why").hidden = !song.why
    part("why").open = open.has(String(song.place))
    if (song.why) this.explain(part("reasons"), song.why)
    return row
  }

  explain(list, why) {
    const line = (name, words, number, kind = "") => {
      const item = this.reasonTarget.content.firstElementChild.cloneNode(true)
      item.className = kind
      item.querySelector(".reason-name").textContent = name
      item.querySelector(".reason-words").textContent = words
      item.querySelector(".reason-factor").textContent = number
      return item
    }
    list.replaceChildren(...why.map(({ name, words, factor: by }) => line(name, words, factor(by))),
      line("score", "all factors multiplied", score(why), "reason-score"))
  }
}
