// A picture that can't be shown gives way to the coloured tile of its item.
// <img data-controller="cover" data-action="error->cover#fail" data-cover-tile-value="3" data-cover-letters-value="AB">
import { Controller } from "../../vendor/stimulus.js"

export default class extends Controller {
  static values = { tile: Number, letters: String }

  // It may have failed before this script was here.
  connect() { if (this.element.complete && !this.element.naturalWidth) this.fail() }

  fail() {
    const tile = document.createElement("span")
    tile.className = `cover tile tile-${this.tileValue}`
    tile.setAttribute("aria-hidden", "true")
    tile.textContent = this.lettersValue
    this.element.replaceWith(tile)
  }
}
