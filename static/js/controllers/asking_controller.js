// The rating queue: digits (by the keys of every page), s and u answer as the buttons do; the next item comes at once.
import { Controller } from "../../vendor/stimulus.js"

export default class extends Controller {
  static targets = ["rating", "rate", "skip", "undo"]

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || document.querySelector("dialog[open]")) return
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return
    const button = { s: this.hasSkipTarget && this.skipTarget, u: this.hasUndoTarget && this.undoTarget }[event.key]
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

  done({ detail }) { if (!detail.success) this.busy = false }
}
