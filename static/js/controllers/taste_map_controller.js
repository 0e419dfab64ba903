// The map of a library: a pointer or the arrows name an item, a click or Enter opens it, plus and minus, Ctrl and the wheel, or
// two fingers zoom, dragging moves. What it shows stands as a list beside it.
import { Controller } from "../../vendor/stimulus.js"
import { visit } from "../../vendor/turbo.es2017-esm.js"
import { Card } from "../taste/card.js"
import { ID, RATED } from "../taste/draw.js"
import { Plane } from "../taste/plane.js"
import { moved, nearest, next, showing, zoomed } from "../taste/view.js"

const STILL = 5 // pixels that a press may move and be a click
const REST = 60 // milliseconds that a pointer rests before a name is asked for

export default class extends Controller {
  static targets = ["canvas", "here", "title", "by", "score", "cover", "status", "low", "high", "amount"]
  static values = { url: String, items: String, module: String }

  connect() {
    this.fingers = new Map()
    this.card = new Card({ here: this.hereTarget, title: this.titleTarget, by: this.byTarget, score: this.scoreTarget,
      cover: this.coverTarget, status: this.statusTarget }, this.itemsValue)
    this.plane = new Plane(this.canvasTarget, () => this.put())
    this.load()
  }

  disconnect() {
    clearTimeout(this.timer)
    this.plane.end()
  }

  async load() {
    const answer = await fetch(this.urlValue, { headers: { Accept: "application/json" } })
    if (!answer.ok || !this.element.isConnected) return
    const map = await answer.json(), { low, high, points, total } = map
    this.lowTarget.textContent = low > 0 ? `${low} or less` : "0"
    this.highTarget.textContent = high < 10 ? `${high} or more` : "10"
    this.amountTarget.textContent = points.length < total ? `${points.length.toLocaleString("en")} of ${total.toLocaleString("en")} are drawn` : ""
    this.choose(-1)
    this.plane.show(map)
    this.element.dataset.ready = points.length
  }

  closer() { this.plane.closer() }

  farther() { this.plane.farther() }

  whole() { this.plane.whole() }

  wheel(event) {
    if (!event.ctrlKey && document.activeElement !== this.canvasTarget) return // the page scrolls
    event.preventDefault()
    this.plane.look(zoomed(this.plane.view, this.plane.size, Math.exp(-event.deltaY / 300), at(event)))
  }

  hover(event) {
    if (this.fingers.has(event.pointerId)) return this.drag(event)
    if (event.pointerType === "mouse") this.choose(this.under(event))
  }

  leave(event) { if (event.pointerType === "mouse" && document.activeElement !== this.canvasTarget) this.choose(-1) }

  grab(event) {
    if (event.button) return // the other buttons of a mouse mean something else
    this.canvasTarget.setPointerCapture(event.pointerId)
    this.fingers.set(event.pointerId, at(event))
    if (this.fingers.size === 1) this.gone = 0
  }

  drag(event) {
    const { view, size } = this.plane, before = this.fingers.get(event.pointerId), now = at(event)
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1]
    this.fingers.set(event.pointerId, now)
    this.gone += apart(now, before)
    if (other) return this.plane.look(zoomed(view, size, apart(now, other) / Math.max(1, apart(before, other)), other))
    if (this.gone > STILL) this.plane.look(moved(view, size, now[0] - before[0], now[1] - before[1]))
  }

  release(event) {
    if (!this.fingers.delete(event.pointerId) || event.type === "pointercancel" || this.gone > STILL) return
    const under = this.under(event)
    const open = under >= 0 && (event.pointerType === "mouse" || under === this.plane.chosen) // a finger names it first
    this.choose(under)
    if (open) this.open()
  }

  press(event) {
    const { key } = event
    if (event.ctrlKey || event.metaKey || event.altKey || !this.plane.map?.points.length) return
    if (key.startsWith("Arrow")) this.step(key)
    else if (key === "Enter") this.open()
    else if (key === "+") this.closer()
    else if (key === "-") this.farther()
    else if (key === "Home") this.whole()
    else return
    event.preventDefault()
  }

  step(key) {
    const { map: { points }, view, size, chosen } = this.plane
    this.choose(chosen < 0 ? nearest(points, view, size, [size.width / 2, size.height / 2], 1e6) : next(points, size, chosen, key))
    this.plane.look(showing(view, size, this.plane.point(this.plane.chosen)))
  }

  under(event) { return this.plane.map ? nearest(this.plane.map.points, this.plane.view, this.plane.size, at(event)) : -1 }

  open() { if (this.plane.chosen >= 0) visit(`${this.itemsValue}${this.plane.map.points[this.plane.chosen][ID]}`) }

  choose(which) {
    if (which === this.plane.chosen) return
    this.plane.chosen = which
    this.canvasTarget.classList.toggle("is-on", which >= 0)
    clearTimeout(this.timer)
    this.card.hide()
    if (which >= 0) this.timer = setTimeout(() => this.name(this.plane.map.points[which]), REST)
    this.plane.paint()
  }

  async name(point) {
    const facts = await this.card.facts(point[ID])
    if (!facts || this.plane.map.points[this.plane.chosen]?.[ID] !== point[ID]) return
    this.card.show(point, facts)
    this.put()
  }

  put() { if (this.plane.chosen >= 0) this.card.put(this.plane.place(this.plane.chosen), this.plane.size) }

  rated({ detail }) {
    const point = detail.module === this.moduleValue && this.plane.map?.points.find(one => one[ID] === detail.id)
    if (!point) return
    point[RATED] = detail.rating
    this.plane.paint()
  }

  news({ detail }) { if (detail.module === this.moduleValue) this.load() }
}

function at(event) { return [event.offsetX, event.offsetY] }

function apart(one, other) { return Math.hypot(one[0] - other[0], one[1] - other[1]) }
