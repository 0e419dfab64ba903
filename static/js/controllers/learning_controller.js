// A training that runs: its figures so far, fetched again as the news of its job come, at most twice a second.
import { Controller } from "../../vendor/stimulus.js"

const CALM = 500 // milliseconds

export default class extends Controller {
  static targets = ["frame"]
  static values = { id: Number, url: String }

  hear({ detail: job }) {
    if (job.id !== this.idValue || job.state !== "running" || this.timer) return
    this.timer = setTimeout(() => {
      this.timer = null
      const frame = this.frameTarget
      if (frame.matches(":focus-within, :active")) return
      if (frame.src) frame.reload()
      else frame.src = this.urlValue
    }, CALM)
  }

  disconnect() { clearTimeout(this.timer) }
}
