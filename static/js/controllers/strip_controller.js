// A card with a strip shows the frame of the video that lies under the pointer. Nothing moves by itself, and nothing is
// loaded before a mouse rests on the card.
import { Controller } from "../../vendor/stimulus.js"

const REST = 120 // milliseconds

export default class extends Controller {
  static values = { url: String, count: { type: Number, default: 10 } }

  disconnect() {
    this.leave()
    this.film?.remove()
    this.film = null
  }

  follow(event) {
    if (event.pointerType !== "mouse") return
    const box = this.element.getBoundingClientRect()
    this.at = Math.min(this.countValue - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * this.countValue)))
    if (this.film) this.show()
    else this.timer ??= setTimeout(() => this.load(), REST)
  }

  leave() {
    clearTimeout(this.timer)
    this.timer = undefined
    this.at = null
    if (this.film) this.film.hidden = true
  }

  load() {
    const picture = new Image()
    picture.addEventListener("load", () => {
      this.film = document.createElement("span")
      this.film.className = "card-strip"
      this.film.style.backgroundImage = `url("${picture.src}")`
      this.film.style.setProperty("--count", this.countValue)
      this.element.append(this.film)
      this.show()
    })
    picture.src = this.urlValue
  }

  show() {
    this.film.hidden = this.at === null
    if (this.at !== null) this.film.style.setProperty("--at", this.at)
  }
}
