// What the server says of the last command becomes a notice, which stays while the page is refreshed.
import { Controller } from "../../vendor/stimulus.js"
import { notify } from "../send.js"

export default class extends Controller {
  static values = { words: String, undo: String, trouble: Boolean }

  connect() {
    const [words, said] = [this.wordsValue, { undo: this.undoValue, trouble: this.troubleValue }]
    setTimeout(() => notify(words, said)) // once the notices, further down, are listening
    this.element.remove()
  }
}
