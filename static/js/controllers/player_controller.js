// The bar at the foot of the page: shows the player and passes on what is pressed.
import { Controller } from "../../vendor/stimulus.js"
import { player } from "../player/index.js"
import { clock, length } from "../player/words.js"

const REPEAT = { off: "Repeat: off", all: "Repeat: all songs", one: "Repeat: this song" }

export default class extends Controller {
  static targets = ["bar", "cover", "title", "by", "toggle", "previous", "next", "seek", "elapsed", "length", "shuffle",
    "repeat", "radio", "mute", "volume", "rating", "more"]

  connect() {
    this.stop = new AbortController()
    const on = (target, name, act) => target.addEventListener(name, act, { signal: this.stop.signal })
    on(player, "change", () => this.show())
    on(player, "time", () => this.showTime())
    on(document, "player:rate", ({ detail }) => this.rate(detail.rating))
    this.size = new ResizeObserver(() => this.makeRoom())
    this.size.observe(this.barTarget)
    this.show()
  }

  disconnect() {
    this.stop.abort()
    this.size.disconnect()
  }

  toggle() { player.toggle() }
  next() { player.next() }
  previous() { player.previous() }
  shuffle() { player.shuffle() }
  repeat() { player.repeat() }
  radio() { player.toggleRadio() }
  mute() { player.volume({ muted: !player.state.muted }) }
  volume() { player.volume({ level: Number(this.volumeTarget.value) }) }

  // While it is dragged the time is shown only; the song goes there when it is let go.
  drag() {
    this.dragged = true
    this.showClock(Number(this.seekTarget.value))
  }

  seek() {
    this.dragged = false
    player.seek(Number(this.seekTarget.value))
  }

  more() {
    const open = this.barTarget.classList.toggle("is-open")
    this.moreTarget.setAttribute("aria-expanded", open)
  }

  rate(rating) {
    if (player.song) this.ratingForm.dispatchEvent(new CustomEvent("rating:rate", { detail: { rating } }))
  }

  get ratingForm() { return this.ratingTarget.querySelector("form") }

  show() {
    const { song, playing, state } = player
    this.barTarget.hidden = !song
    this.makeRoom()
    if (!song) return
    this.showSong(song)
    this.barTarget.dataset.playing = playing
    label(this.toggleTarget, playing ? "Pause" : "Play")
    press(this.shuffleTarget, state.queue.shuffle)
    this.shuffleTarget.disabled = Boolean(state.radio)
    press(this.repeatTarget, state.queue.repeat !== "off", REPEAT[state.queue.repeat])
    this.repeatTarget.dataset.repeat = state.queue.repeat
    press(this.radioTarget, Boolean(state.radio), state.radio ? `Radio: on, seed ${state.radio.seed}` : "Radio: off")
    press(this.muteTarget, state.muted)
    this.volumeTarget.value = state.muted ? 0 : state.level
    fill(this.volumeTarget)
    this.showTime()
  }

  showSong(song) {
    if (song === this.shown) return
    const other = song.id !== this.shown?.id || song.rating !== this.shown?.rating
    this.shown = song
    this.titleTarget.textContent = song.title
    this.titleTarget.href = this.coverTarget.href = song.page
    this.byTarget.textContent = song.by
    const picture = this.coverTarget.querySelector("img")
    this.coverTarget.className = song.thumbnail ? "player-cover" : `player-cover tile tile-${song.id % 12}`
    picture.hidden = !song.thumbnail
    if (song.thumbnail) picture.src = `${song.thumbnail}&side=96`
    else picture.removeAttribute("src")
    // Next tick: the rating's own controller may connect after this one.
    if (other) queueMicrotask(() => this.ratingForm.dispatchEvent(new CustomEvent("rating:show", { detail: song })))
  }

  showTime() {
    if (this.dragged) return
    this.seekTarget.max = Math.max(player.length, 0.1)
    this.seekTarget.value = player.time
    this.showClock(player.time)
  }

  showClock(time) {
    const [now, all] = [clock(time), length(player.length)]
    if (this.elapsedTarget.textContent !== now) {
      this.elapsedTarget.textContent = now
      this.seekTarget.setAttribute("aria-valuetext", `${now} of ${all}`)
    }
    if (this.lengthTarget.textContent !== all) this.lengthTarget.textContent = all
    fill(this.seekTarget)
  }

  // So that the bar covers nothing at the end of a page.
  makeRoom() {
    const height = this.barTarget.hidden ? 0 : this.barTarget.offsetHeight
    document.documentElement.style.setProperty("--player-height", `${height}px`)
  }
}

function label(button, words) {
  if (button.title === words) return
  button.title = words
  button.setAttribute("aria-label", words)
}

function press(button, pressed, words) {
  button.setAttribute("aria-pressed", pressed)
  if (words) label(button, words)
}

function fill(range) {
  range.style.setProperty("--filled", range.value / range.max || 0)
}
