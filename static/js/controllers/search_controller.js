// A filter form that asks by itself: words shortly after typing, choices at once. Its button is for pages without script.
// Its answer replaces the page (data-turbo-action), so it is morphed and the field keeps its caret.
import { Controller } from "../../vendor/stimulus.js"

const PAUSE = 350 // milliseconds after the last key

export default class extends Controller {
  static targets = ["direction"]

  type() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.ask(), PAUSE)
  }

  choose() { this.ask() }

  // Another order begins the way that suits it.
  order() {
    this.directionTargets.forEach(field => field.remove())
    this.ask()
  }

  disconnect() { clearTimeout(this.timer) }

  ask() {
    clearTimeout(this.timer)
    this.element.requestSubmit()
  }

  // Empty fields stay out of the address.
  tidy({ formData }) {
    for (const [key, value] of [...formData]) if (value === "") formData.delete(key)
  }
}
