// The canvas with the map on it: its size, the part that is seen, the item that is chosen; drawn once a frame.
import { colours, draw, X, Y } from "./draw.js"
import { toScreen, WHOLE, zoomed } from "./view.js"

const STEP = 1.6 // how much nearer one press of a button or a key brings

export class Plane {
  // drawn: called after each drawing.
  constructor(canvas, drawn) {
    Object.assign(this, { canvas, drawn, view: WHOLE, chosen: -1, map: null, size: { width: 1, height: 1 } })
    this.pen = canvas.getContext("2d")
    this.dark = matchMedia("(prefers-color-scheme: dark)")
    this.repaint = () => { this.colour = colours(canvas); this.paint() }
    this.dark.addEventListener("change", this.repaint)
    this.watch = new ResizeObserver(() => this.fit())
    this.watch.observe(canvas)
  }

  end() {
    this.watch.disconnect()
    this.dark.removeEventListener("change", this.repaint)
    cancelAnimationFrame(this.frame)
  }

  show(map) {
    this.map = map
    this.repaint()
  }

  fit() {
    const { clientWidth: width, clientHeight: height } = this.canvas
    this.size = { width, height }
    this.canvas.width = Math.round(width * devicePixelRatio)
    this.canvas.height = Math.round(height * devicePixelRatio)
    this.paint()
  }

  paint() {
    if (!this.map || this.frame) return
    this.frame = requestAnimationFrame(() => {
      this.frame = null
      this.pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
      draw(this.pen, this.size, this.map, this.view, this.chosen, this.colour)
      this.drawn()
    })
  }

  look(view) {
    this.view = view
    this.canvas.classList.toggle("is-near", view.zoom > 1)
    this.paint()
  }

  closer() { this.look(zoomed(this.view, this.size, STEP)) }

  farther() { this.look(zoomed(this.view, this.size, 1 / STEP)) }

  whole() { this.look(WHOLE) }

  point(at) { return [this.map.points[at][X], this.map.points[at][Y]] }

  place(at) { return toScreen(this.view, this.size, this.point(at)) }
}
