// A conversation: what is asked stands there at once, its answer comes in its place; what could not be sent stays in the field.
import * as Turbo from "../../vendor/turbo.es2017-esm.js"
import { Controller } from "../../vendor/stimulus.js"
import { notify, post } from "../send.js"

export default class extends Controller {
  static targets = ["turns", "field", "pending"]
  static values = { url: String }

  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
    event.preventDefault()
    this.fieldTarget.form.requestSubmit()
  }

  async send(event) {
    event.preventDefault()
    const example = event.submitter?.name === "message" ? event.submitter.value : ""
    const words = example || this.fieldTarget.value.trim()
    if (!words || this.busy) return
    this.busy = true
    if (!example) this.fieldTarget.value = ""
    const shown = this.show(words)
    try {
      await post(this.urlValue, { message: words })
      if (!this.element.isConnected) return // the person went elsewhere while it was thought about
      document.addEventListener("turbo:render", () => {
        document.querySelector("#talk-last")?.previousElementSibling?.scrollIntoView({ block: "start" })
      }, { once: true })
      Turbo.visit(this.urlValue, { action: "replace" })
    } catch (error) {
      for (const one of shown) one.remove()
      if (!example && !this.fieldTarget.value) this.fieldTarget.value = words
      notify(error.message, { trouble: true })
    } finally {
      this.busy = false
    }
  }

  show(words) {
    const turns = this.pendingTarget.content.cloneNode(true), shown = [...turns.children]
    turns.querySelector("bdi").textContent = words
    this.turnsTarget.append(turns)
    shown[0].scrollIntoView({ block: "start" })
    return shown
  }
}
