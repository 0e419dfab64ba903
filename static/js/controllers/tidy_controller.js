// A box that opens below its button comes into sight, and closes by Escape, by a click elsewhere, and when its form was sent.
import { Controller } from "../../vendor/stimulus.js"

export default class extends Controller {
  show() {
    if (!this.element.open) return
    this.element.querySelector(".tidy-box").scrollIntoView({ block: "nearest" })
    this.element.querySelector("input:not([type=hidden])")?.focus({ preventScroll: true })
  }

  outside({ target }) {
    if (this.element.open && !this.element.contains(target)) this.element.open = false
  }

  close(event) {
    if (!this.element.open) return
    this.element.open = false
    if (event.key) this.element.querySelector("summary").focus()
  }
}
