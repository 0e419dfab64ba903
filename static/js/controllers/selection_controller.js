// Chosen items of a list: by their boxes, Shift for all between, the page, or everything that was found. Remembered by id,
// so that pages of an endless list may come and go. The form itself works without this.
import { Controller } from "../../vendor/stimulus.js"
import { notify, post, tell } from "../send.js"

const BOXES = "input[data-pick]"

export default class extends Controller {
  static targets = ["bar", "count", "everything", "rating", "rate"]

  connect() {
    this.chosen = new Set()
    this.all = false
    if (this.hasRatingTarget) this.ratingTarget.placeholder = "0 to 10"
    this.boxes().filter(box => box.checked).forEach(box => this.chosen.add(box.value))
    this.show()
  }

  boxes(within = this.element) { return [...within.querySelectorAll(BOXES)] }

  // A click with Shift takes all between the last box and this one along.
  click(event) {
    if (!event.target.matches?.(BOXES)) return
    const boxes = this.boxes()
    const [from, to] = [boxes.findIndex(box => box.value === this.last), boxes.indexOf(event.target)]
    if (event.shiftKey && from >= 0) this.take(boxes.slice(Math.min(from, to), Math.max(from, to) + 1), event.target.checked)
    this.last = event.target.value
  }

  change({ target }) { if (target.matches(BOXES)) this.take([target], target.checked) }

  take(boxes, wanted) {
    if (this.all) this.chosen = new Set(this.boxes().map(box => box.value)) // no longer all: those that stand here
    this.all = false
    for (const box of boxes) {
      box.checked = wanted
      wanted ? this.chosen.add(box.value) : this.chosen.delete(box.value)
    }
    this.show()
  }

  // The page in the middle of the window.
  page() {
    const lists = [...this.element.querySelectorAll("[data-page]")].filter(list => list.querySelector(BOXES))
    const here = lists.find(list => list.getBoundingClientRect().bottom > innerHeight / 2) ?? lists.at(-1)
    if (here) this.take(this.boxes(here), true)
  }

  everything() {
    this.all = true
    this.mark()
    this.show()
  }

  clear() {
    this.all = false
    this.chosen.clear()
    this.mark()
    this.show()
  }

  leave(event) {
    if (event.defaultPrevented || !this.amount || document.querySelector(".pswp, dialog[open]")) return
    if (!event.target.matches?.("input:not([type=checkbox], [type=radio], [type=range])")) this.clear()
  }

  mark() { for (const box of this.boxes()) box.checked = this.all || this.chosen.has(box.value) }

  // After a refresh of the page: another list begins with nothing chosen.
  renewed() {
    if (this.query !== this.barQuery()) this.clear()
    else this.mark()
  }

  barQuery() { return this.hasBarTarget ? this.barTarget.elements.query.value.replace(/(^|&)page=\d+/, "") : "" }

  get amount() { return this.all ? Number(this.everythingTarget.dataset.total) : this.chosen.size }

  show() {
    this.query = this.barQuery()
    if (!this.hasBarTarget) return
    this.barTarget.dataset.count = this.amount
    this.countTarget.textContent = this.amount.toLocaleString("en")
    this.element.classList.toggle("is-selecting", this.amount > 0)
  }

  // What stands in no page that is in the document is sent along.
  complete({ formData }) {
    const there = new Set(this.boxes().map(box => box.value))
    if (this.all) { formData.delete("id"); formData.set("all", "1") } else
      for (const id of this.chosen) if (!there.has(id)) formData.append("id", id)
  }

  submit(event) {
    if (event.submitter?.hasAttribute("formaction")) return
    event.preventDefault()
    if (event.submitter?.hasAttribute("data-unrate")) this.rate("")
    else if (this.ratingTarget.value !== "") this.rate(this.ratingTarget.value)
    else this.ratingTarget.focus()
  }

  rateBy({ detail }) { this.rate(detail.rating) }

  async rate(rating) {
    const form = new FormData(this.barTarget)
    form.set("rating", rating)
    const [url, ids] = [this.barTarget.action, this.all ? this.boxes().map(box => box.value) : [...this.chosen]]
    const module = url.split("/").at(-2)
    try {
      const said = await post(url, form)
      for (const id of ids) tell("rating", { module, id: Number(id), rating: rating === "" ? null : Number(rating) })
      const many = said.changed ?? 1
      notify(`${many.toLocaleString("en")} ${many === 1 ? "item" : "items"}: ${rating === "" ? "rating removed" : `rated ${rating}`}`,
        { undo: url.replace(/rate$/, "undo") })
    } catch (error) {
      notify(error.message, { trouble: true })
    }
  }
}
