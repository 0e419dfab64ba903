// The light in the bar: what runs now and how far it is; dark when nothing does.
import { Controller } from "../../vendor/stimulus.js"

const OPEN = ["running", "paused", "queued"]

export default class extends Controller {
  static targets = ["words", "part"]
  static values = { words: Object }

  hear({ detail: job }) {
    if (!OPEN.includes(job.state)) return this.over(job)
    if (job.state === "queued" && this.running && this.running !== job.id) return
    clearTimeout(this.timer)
    this.running = job.id
    this.element.hidden = false
    this.element.dataset.state = job.state
    this.wordsTarget.textContent = this.wordsValue[job.verb] ?? job.verb
    this.partTarget.textContent = job.total > 1 ? `${Math.floor((100 * job.done) / job.total)} %` : ""
  }

  // A job that follows announces itself within moments; only then is it over.
  over(job) {
    if (this.running && this.running !== job.id) return
    this.running = null
    this.timer = setTimeout(() => { this.element.hidden = true }, 1500)
  }

  disconnect() { clearTimeout(this.timer) }
}
