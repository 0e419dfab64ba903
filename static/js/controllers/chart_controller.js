// Guesses against ratings as dots; on the line they would be perfect. The table beside it says the same in numbers.
import { Controller } from "../../vendor/stimulus.js"

export default class extends Controller {
  static targets = ["canvas"]
  static values = { points: Array }

  async connect() {
    await import("../../vendor/chart.umd.js")
    if (!this.element.isConnected) return
    this.dark = matchMedia("(prefers-color-scheme: dark)")
    this.redraw = () => { this.chart?.destroy(); this.draw() }
    this.dark.addEventListener("change", this.redraw)
    this.draw()
  }

  disconnect() {
    this.dark?.removeEventListener("change", this.redraw)
    this.chart?.destroy()
    this.chart = null
  }

  pointsValueChanged(now, before) { if (this.chart && before !== undefined) this.redraw() }

  draw() {
    const style = getComputedStyle(document.documentElement)
    const colour = name => style.getPropertyValue(name).trim()
    const axis = words => ({
      min: 0, max: 10, grid: { color: colour("--line") }, border: { color: colour("--line") },
      ticks: { color: colour("--ink-soft"), stepSize: 2 }, title: { display: true, text: words, color: colour("--ink-soft") },
    })
    globalThis.Chart.getChart(this.canvasTarget)?.destroy() // left by a visit that ended while the library was loading
    this.chart = new globalThis.Chart(this.canvasTarget, {
      type: "scatter",
      data: { datasets: [
        { data: this.pointsValue.map(([rating, guess]) => ({ x: rating, y: guess })), pointRadius: 4.5, pointHoverRadius: 6,
          clip: 10, backgroundColor: colour("--dot"), borderColor: colour("--accent"), borderWidth: 1 },
        { type: "line", data: [{ x: 0, y: 0 }, { x: 10, y: 10 }], pointRadius: 0, borderDash: [4, 5], borderWidth: 1.5,
          borderColor: colour("--ink-soft") },
      ] },
      options: {
        animation: false, maintainAspectRatio: false, scales: { x: axis("You rated"), y: axis("It had guessed") },
        plugins: { legend: { display: false }, tooltip: { displayColors: false, callbacks: {
          label: ({ parsed }) => `You: ${parsed.x}, its guess: ${parsed.y.toFixed(1)}` } } },
      },
    })
  }
}
