// The rating queue: digits (by the keys of every page), s and u answer as the buttons do, arrows choose one of two; the
// next question comes at once, and with it how many predictions the answer moved.
import { Controller } from "../../vendor/stimulus.js"
import { prepare } from "../moving.js"
import { post } from "../send.js"

let answered = "" // the kind of media whose item was rated last

export default class extends Controller {
  static targets = ["rating", "rate", "skip", "undo", "first", "second", "neither", "moved"]
  static values = { module: String, id: String }

  connect() {
    if (answered) this.count(answered)
    else prepare(this.moduleValue)
    answered = ""
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || document.querySelector("dialog[open]")) return
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return
    const name = { s: "skip", u: "undo", ArrowLeft: "first", ArrowRight: "second", 0: "neither" }[event.key]
    const button = name && this.targets.find(name)
    if (!button) return
    event.preventDefault()
    this.answer(button)
  }

  rateBy({ detail }) {
    this.ratingTarget.value = detail.rating
    this.answer(this.rateTarget)
  }

  // Until the next item stands there, a key means nothing: it would be meant for that one.
  answer(button) {
    if (this.busy) return
    this.busy = true
    button.form.requestSubmit(button)
  }

  begin({ detail: { formSubmission: { submitter } } }) {
    if (submitter && (submitter.name === "points" || submitter.value === "rate")) answered = this.moduleValue
  }

  done({ detail }) {
    if (detail.success) return
    this.busy = false
    answered = ""
  }

  async count(module) {
    const ids = module === this.moduleValue ? this.idValue : ""
    const said = await post(`/${module}/moved`, { count: 1, ids }).catch(() => null)
    if (!said?.looked || !this.hasMovedTarget) return
    const many = said.whole ? `${said.moved.toLocaleString("en")} of ${said.looked.toLocaleString("en")} predictions`
      : `about ${Math.round((100 * said.moved) / said.looked)} % of all predictions`
    const words = said.moved ? `Your answer moved ${many} by more than 0.1.` : "Your answer moved no prediction by more than 0.1."
    this.movedTarget.append(this.movedTarget.childNodes.length ? " " : "", words)
  }
}
