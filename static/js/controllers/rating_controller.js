// A rating by mouse, touch, keys or voice. Its state stands in its data attributes ("" = none), so that a script may
// point one control at another item: element.dispatchEvent(new CustomEvent("rating:show", { detail: facts })).
import { Controller } from "../../vendor/stimulus.js"
import { notify, post, tell } from "../send.js"

const MOVED = 1600 // milliseconds for which a prediction that moved is marked
const KEY_PAUSE = 600 // milliseconds without a further arrow key before a rating by keyboard is sent

export default class extends Controller {
  static targets = ["input", "value", "clear"]
  static values = { url: String, module: String, id: String, title: String, given: String, prediction: String, spread: String, stale: Boolean }

  connect() {
    this.inputTarget.type = "range"
    this.inputTarget.removeAttribute("name")
    this.render()
  }

  disconnect() {
    if (this.timer) this.save(this.inputTarget.value)
  }

  givenValueChanged() { this.render() }
  predictionValueChanged() { this.render() }
  idValueChanged() { this.render() }
  titleValueChanged() { this.render() }

  show({ detail }) {
    if (this.timer) this.save(this.inputTarget.value)
    const text = (number) => (number === null || number === undefined ? "" : String(number))
    Object.assign(this, {
      moduleValue: detail.module, urlValue: detail.rate, titleValue: detail.title, givenValue: text(detail.rating),
      predictionValue: text(detail.prediction), spreadValue: text(detail.spread), staleValue: Boolean(detail.stale), idValue: text(detail.id),
    })
  }

  hear({ detail }) {
    if (detail.module !== this.moduleValue || String(detail.id) !== this.idValue || this.timer) return
    this.givenValue = detail.rating === null ? "" : String(detail.rating)
  }

  // A rating of something else moved what is expected of this.
  move({ detail }) {
    const now = detail.module === this.moduleValue && detail.moves[this.idValue]
    if (!now || this.timer) return
    const way = this.givenValue !== "" || this.predictionValue === "" ? 0 : Number(short(now[0])) - Number(short(Number(this.predictionValue)))
    Object.assign(this, { spreadValue: String(now[1]), staleValue: false, predictionValue: String(now[0]) })
    if (!way) return
    this.valueTarget.dataset.moved = way > 0 ? "up" : "down"
    clearTimeout(this.mark)
    this.mark = setTimeout(() => delete this.valueTarget.dataset.moved, MOVED)
  }

  rateBy({ detail }) { this.save(detail.rating) }
  unrate() { this.save("") }
  submit(event) { event.preventDefault() }

  preview() { this.render(Number(this.inputTarget.value)) }

  key(event) {
    if (!/^(Arrow|Page|Home|End|Enter|Backspace|Delete)/.test(event.key)) return
    event.stopPropagation() // they belong to the slider here, not to the player
    this.byKey = true
    if (event.key === "Enter") { event.preventDefault(); this.save(this.inputTarget.value) }
    if (event.key === "Backspace" || event.key === "Delete") this.save("")
  }

  commit() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.save(this.inputTarget.value), this.byKey ? KEY_PAUSE : 0)
    this.byKey = false
  }

  // A click on the very value an unrated slider stands at changes nothing, but is meant.
  settle() {
    if (this.givenValue === "" && !this.timer && !this.busy) this.save(this.inputTarget.value)
  }

  hint(event) {
    if (event.pointerType !== "mouse" || event.buttons) return
    const box = this.inputTarget.getBoundingClientRect()
    const step = Number(this.inputTarget.step) || 0.5
    const half = this.element.classList.contains("is-large") ? 12 : 8 // of the thumb, in pixels
    const at = Math.min(1, Math.max(0, (event.clientX - box.left - half) / (box.width - 2 * half)))
    this.render(Math.round((at * 10) / step) * step)
  }

  calm() { if (!this.timer) this.render() }

  async save(rating) {
    clearTimeout(this.timer)
    this.timer = null
    const [before, url, module, id] = [this.givenValue, this.urlValue, this.moduleValue, this.idValue]
    if (!url || (before === String(rating) && rating !== "")) return this.render()
    this.givenValue = String(rating)
    this.busy = true
    try {
      const said = await post(url, { rating })
      tell("rating", { module, id: said.id, rating: said.rating })
      notify(said.rating === null ? `${said.title}: rating removed` : `${said.title}: rated ${short(said.rating)}`,
        { undo: url.replace(/\/\d+\/rate$/, "/undo") })
    } catch (error) {
      if (this.idValue === id) this.givenValue = before
      notify(error.message, { trouble: true })
    } finally {
      this.busy = false
    }
  }

  render(seen = null) {
    if (!this.hasInputTarget || this.inputTarget.type !== "range") return
    const given = this.givenValue === "" ? null : Number(this.givenValue)
    const predicted = this.predictionValue === "" ? null : Number(this.predictionValue)
    const state = seen !== null ? "seen" : given !== null ? "given" : predicted === null ? "unrated" : this.staleValue ? "stale" : "predicted"
    const at = seen ?? given ?? predicted ?? 5
    this.element.dataset.state = state
    this.element.style.setProperty("--at", at / 10)
    if (seen === null) this.inputTarget.value = at
    this.valueTarget.textContent = state === "predicted" || state === "stale" ? `≈${short(at)}` : state === "unrated" ? "–" : short(at)
    const spread = this.spreadValue ? ` ± ${short(Number(this.spreadValue))}` : ""
    const guess = `not rated, predicted ${short(at)}${spread}`
    const words = { seen: short(at), given: `you rated it ${short(at)}`, unrated: "not rated, no prediction yet",
      predicted: guess, stale: `${guess} by an earlier evaluator` }[state]
    this.inputTarget.setAttribute("aria-valuetext", words)
    this.inputTarget.setAttribute("aria-label", `Rating of ${this.titleValue || "this"}, 0 to 10`)
    if (seen === null) this.element.title = words.charAt(0).toUpperCase() + words.slice(1)
    this.clearTarget.hidden = given === null
  }
}

function short(number) {
  return number.toFixed(1).replace(/\.0$/, "")
}
