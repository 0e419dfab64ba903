// The radio's page: marks the pick that plays, and says on its button whether this very radio is on.
import { Controller } from "../../vendor/stimulus.js"
import { player } from "../player/index.js"

export default class extends Controller {
  static targets = ["pick", "start", "state"]
  static values = { seed: String }

  connect() {
    this.stop = new AbortController()
    player.addEventListener("change", () => this.show(), { signal: this.stop.signal })
    this.show()
  }

  disconnect() { this.stop.abort() }

  show() {
    const on = player.state.radio?.seed === this.seedValue
    for (const pick of this.pickTargets) {
      const plays = on && String(player.song?.id) === pick.dataset.id
      pick.classList.toggle("is-playing", plays)
      if (plays) pick.setAttribute("aria-current", "true")
      else pick.removeAttribute("aria-current")
    }
    this.stateTarget.textContent = !on ? "" : player.playing ? `On air: ${player.song.title}` : "This radio is paused."
  }
}
