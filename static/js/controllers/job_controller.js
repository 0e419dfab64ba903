// One running job: its bar, its words and its time left, as the news come. Its buttons change by a refresh of the page.
import { Controller } from "../../vendor/stimulus.js"

export default class extends Controller {
  static targets = ["bar", "words", "facts", "state"]
  static values = { id: Number }

  hear({ detail: job }) {
    if (job.id !== this.idValue) return
    this.element.dataset.state = job.state
    this.stateTarget.textContent = job.wish === "cancel" && job.state !== "cancelled" ? "stopping" : job.state
    if (job.words) this.wordsTarget.textContent = job.words
    if (job.total > 1) {
      this.barTarget.max = job.total
      this.barTarget.value = job.done
    }
    this.factsTarget.textContent = facts(job)
  }
}

function facts({ verb, done, total, rate, left }) {
  if (total < 2) return ""
  if (verb === "train") return `${done} %` // its steps are per cent, not items
  const parts = [`${done.toLocaleString("en")} of ${total.toLocaleString("en")}`]
  if (rate) parts.push(`${rate} a second`)
  if (left !== null) parts.push(`${clock(left)} left`)
  return parts.join(" · ")
}

function clock(seconds) {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const two = number => String(number).padStart(2, "0")
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}
