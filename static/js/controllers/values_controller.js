// A field whose suggestions are the values of a filter that hold what is typed. Without script it has the commonest.
import { Controller } from "../../vendor/stimulus.js"

const PAUSE = 200 // milliseconds after the last key

export default class extends Controller {
  static values = { url: String }

  disconnect() { clearTimeout(this.timer) }

  ask() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.fetch(), PAUSE)
  }

  async fetch() {
    const answer = await fetch(`${this.urlValue}&${new URLSearchParams({ typed: this.element.value })}`, { credentials: "same-origin" })
    if (!answer.ok) return
    const { values } = await answer.json()
    this.element.list?.replaceChildren(...values.map(([value, amount]) => new Option(amount.toLocaleString("en"), value)))
  }
}
