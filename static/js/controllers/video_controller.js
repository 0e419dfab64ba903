// A video on its page: goes on where it was left, counts as a play, listens to keys. One that is converted while it is
// watched has a slider of its own below it, because the browser does not know how long it is.
import { Controller } from "../../vendor/stimulus.js"
import { player } from "../player/index.js"
import { Tape } from "../player/tape.js"
import { Watch } from "../player/watch.js"
import { clock } from "../player/words.js"
import { notify } from "../send.js"

const STEP = 10 // seconds, of the arrows
const SHOWN = 15 // seconds watched, for which "Start over" is offered

export default class extends Controller {
  static targets = ["video", "bar", "seek", "elapsed", "resumed", "start"]
  static values = { stream: String, direct: Boolean, duration: Number, from: Number, play: String, place: String }

  connect() {
    if (document.documentElement.hasAttribute("data-turbo-preview")) return
    const { durationValue: duration, fromValue: from } = this
    this.watch = new Watch({ play: this.playValue, place: this.placeValue }, { duration, from })
    this.tape = new Tape(this.videoTarget, {
      stream: this.streamValue, direct: this.directValue, duration, shown: at => this.show(at) })
    this.music = player.playing
    this.hear = () => this.musicChanged()
    player.addEventListener("change", this.hear)
    if (from && this.directValue) this.tape.go(from)
    this.show(from)
    this.offer(!this.directValue)
  }

  disconnect() {
    if (!this.watch) return
    player.removeEventListener("change", this.hear)
    this.ticked()
    this.watch.left()
    this.watch = null
    this.tape.close()
  }

  restart() {
    this.resumedTarget.hidden = true
    this.tape.go(0)
    this.videoTarget.focus()
    this.tape.play()
  }

  // Before anything is converted: a button, because the browser's own controls look as if they waited for something.
  offer(is) {
    this.videoTarget.controls = !is
    this.startTarget.hidden = !is
  }

  begin() { this.tape.play() }
  started() {
    this.offer(false)
    player.pause()
    player.tabs.claim() // music in other tabs falls silent
    if (this.again !== undefined) this.tape.begin(this.again, true)
    this.again = undefined
  }

  musicChanged() {
    if (player.playing && !this.music) this.videoTarget.pause()
    this.music = player.playing
  }

  ticked() {
    if (!this.watch || this.tape.paused || this.tape.wanted !== null) return
    this.watch.at(this.tape.at)
    if (this.watch.account.heard > SHOWN) this.resumedTarget.hidden = true
    if (!this.dragged) this.show(this.tape.at)
  }

  jumped() { this.watch?.broke(this.tape.at) }

  paused() {
    if (!this.watch || this.videoTarget.ended || this.tape.wanted !== null) return
    this.watch.broke(this.tape.at)
    this.watch.keep()
  }

  ended() {
    if (this.tape.early) {
      this.again = this.tape.at
      notify("The conversion came to an end. Play goes on from here.")
      return
    }
    this.resumedTarget.hidden = true
    this.watch.ended()
    if (!this.tape.direct) this.again = 0
  }

  // What this browser can't play after all is converted; a conversion that fails says why.
  async failed() {
    if (!this.watch || !this.videoTarget.getAttribute("src")) return
    if (this.tape.direct) {
      this.barTarget.hidden = !this.durationValue
      this.videoTarget.classList.add("is-streamed")
      this.tape.convert(this.watch.time)
      return
    }
    const answer = await fetch(this.videoTarget.src, { headers: { Accept: "application/json" } }).catch(() => null)
    const words = answer && !answer.ok ? (await answer.json()).error : "This browser can't play what the conversion gives."
    answer?.body?.locked || answer?.body?.cancel()
    notify(words, { trouble: true })
  }

  drag() {
    this.dragged = true
    this.show(Number(this.seekTarget.value))
  }

  seek() {
    this.dragged = false
    this.tape.go(Number(this.seekTarget.value))
  }

  show(at) {
    this.seekTarget.value = at
    this.elapsedTarget.textContent = clock(at)
    this.seekTarget.setAttribute("aria-valuetext", `${clock(at)} of ${clock(this.durationValue)}`)
    this.seekTarget.style.setProperty("--filled", at / (this.durationValue || 1))
  }

  pageGoes() { this.watch?.pageGoes() }
  // Before the bar's own keys: they are the video's while it has the focus, or while no music plays.
  press(event) {
    const { key, target } = event
    if (!this.watch || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || isElsewhere(event)) return
    if (player.playing && !this.element.contains(document.activeElement)) return
    if (key === " " && target.closest?.("button, summary")) return
    if (key.startsWith("Arrow") && target.matches?.("[type=range], [type=radio]")) return
    const acts = { " ": () => event.repeat || this.tape.toggle(), f: () => this.enlarge(),
      ArrowLeft: () => this.tape.step(-STEP), ArrowRight: () => this.tape.step(STEP) }
    if (!Object.hasOwn(acts, key)) return
    event.preventDefault()
    acts[key]()
  }

  enlarge() {
    if (document.fullscreenElement) document.exitFullscreen()
    else this.element.requestFullscreen?.()
  }
}

function isElsewhere({ target, defaultPrevented }) {
  return defaultPrevented || target.isContentEditable || document.querySelector("dialog[open], [data-lightbox-bar]")
    || target.closest?.("select, textarea, input:not([type=checkbox], [type=radio], [type=range])")
}
