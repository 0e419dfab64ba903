// Keeps a page true: when the news touch what it shows, it is fetched again and morphed into place. Never while typing.
// <main data-controller="refresh" data-refresh-on-value='["library", "job"]'>
import { Controller } from "../../vendor/stimulus.js"
import { visit } from "../../vendor/turbo.es2017-esm.js"

const CALM = 400 // milliseconds: news come in groups
const TYPING = "textarea, select, input:not([type=range], [type=checkbox], [type=radio])"

export default class extends Controller {
  static values = { on: Array }

  connect() {
    this.stop = new AbortController()
    this.states = new Map([...this.element.querySelectorAll("[data-job-id-value]")]
      .map(({ dataset }) => [Number(dataset.jobIdValue), dataset.state]))
    for (const name of [...this.onValue, "again"]) {
      document.addEventListener(`news:${name}`, event => this.hear(name, event.detail), { signal: this.stop.signal })
    }
    // so many ratings changed at once that they are not told one by one
    document.addEventListener("news:rating", event => event.detail.id === null && this.soon(), { signal: this.stop.signal })
  }

  disconnect() {
    this.stop.abort()
    clearTimeout(this.timer)
  }

  // Of a job only a change of state matters here; its progress is shown by its own controller.
  hear(name, facts) {
    if (name === "job") {
      const state = facts.state + facts.wish
      const before = this.states.get(facts.id)
      this.states.set(facts.id, state)
      if (before === state || before === facts.state) return
    }
    this.soon()
  }

  soon() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.now(), CALM)
  }

  now() {
    const leaving = document.documentElement.hasAttribute("data-loading") // to where the person clicked
    const busy = leaving || document.querySelector("dialog[open], .pswp") || this.element.querySelector(":active")
      || (document.activeElement?.matches(TYPING) && this.element.contains(document.activeElement))
    if (busy || document.hidden) return this.later()
    visit(location.href, { action: "replace" })
  }

  later() {
    this.timer = setTimeout(() => this.now(), 1500)
  }
}
