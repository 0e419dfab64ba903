// The player: what plays next, and what every button, key and tab asks of it. One a visit; pages change around it.
import { notify } from "../send.js"
import { Playback } from "./playback.js"
import * as line from "./queue.js"
import * as radio from "./radio.js"
import { FRESH, load, save } from "./state.js"

const PREPARE = 20 // seconds before the end at which the next song is loaded
const SAVE_EVERY = 2000 // milliseconds
const RESTART = 3 // seconds after which "previous" begins this song again
const MOST_FAILURES = 3

// Tells `change` (song, queue, modes), `time`, and `moved` (the place in the song jumped).
// A tab `follows` while it has not played itself, or since another tab took over: it shows what that one saves.
export class Player extends EventTarget {
  constructor({ sound = new Playback(), tabs = { claim() {} } } = {}) {
    super()
    Object.assign(this, { sound, tabs, state: FRESH, follows: true, failures: 0, saved: 0 })
    sound.addEventListener("time", () => this.#ticked())
    sound.addEventListener("moved", () => this.dispatchEvent(new Event("moved")))
    sound.addEventListener("stopped", () => this.#changed())
    sound.addEventListener("ended", () => this.#on({ ended: true }))
    sound.addEventListener("failed", () => this.#failed())
    this.adopt(load())
  }

  get queue() { return this.state.queue }
  get song() { return line.current(this.state.queue) }
  get playing() { return this.sound.playing }
  get time() { return this.sound.time }
  get length() { return this.sound.length }

  // Without `at` from the first song, or, shuffled, from any.
  start(songs, at = this.queue.shuffle ? Math.floor(Math.random() * songs.length) : 0) {
    if (songs.length) this.#go(line.make(songs, at, this.queue), { radio: null })
  }

  async startRadio(seed, songs = null, at = 0) {
    const tuned = radio.tune(seed)
    const picks = songs ?? await this.#picks(tuned, line.EMPTY)
    if (picks.length) this.#go(line.make(picks, at), { radio: tuned })
  }

  // The radio goes on after this song, or no longer.
  async toggleRadio() {
    if (!this.song) return this.startRadio("")
    if (this.state.radio) return this.#changed({ radio: null })
    const ids = this.queue.songs.slice(0, this.queue.at + 1).map(song => song.id)
    this.#changed({ radio: radio.tune("", ids), queue: { ...line.clear(this.queue), shuffle: false, repeat: "off" } })
    await this.#refill()
  }

  resume() {
    if (!this.song) return
    this.#lead()
    this.sound.resume()
    this.#changed()
  }

  pause() { this.sound.pause() }
  toggle() { return this.playing ? this.pause() : this.resume() }
  next() { return this.song && this.#on() }
  jump(place) { this.#go(line.jump(this.queue, place)) }

  previous() {
    const before = line.previous(this.queue)
    if (this.time > RESTART || before === this.queue) return this.seek(0)
    this.#go(before)
  }


  seek(time) {
    if (!this.song || !Number.isFinite(time)) return
    this.sound.seek(time)
    if (!this.playing) this.#changed()
  }

  seekBy(seconds) { this.seek(this.time + seconds) }
  ask(songs) { this.#changed({ queue: line.ask(this.queue, songs) }) }
  remove(place) { this.#changed({ queue: line.remove(this.queue, place) }) }
  clear() { this.#changed({ queue: line.clear(this.queue), radio: null }) }
  shuffle() { this.#changed({ queue: line.shuffled(this.queue, !this.queue.shuffle) }) }
  repeat() { this.#changed({ queue: line.repeated(this.queue) }) }

  volume({ level = this.state.level, muted = false }) {
    this.sound.deck.volume = { level, muted }
    this.#changed({ level, muted })
  }

  rated({ module, id, rating }) {
    const queue = line.patched(this.queue, id, module, { rating })
    if (queue !== this.queue) this.#changed({ queue })
  }

  // Other predictions stand now for songs of the queue.
  moved({ module, moves }) {
    const queue = Object.entries(moves).reduce((line_, [id, [prediction, spread]]) =>
      line.patched(line_, Number(id), module, { prediction, spread, stale: false }), this.queue)
    if (queue !== this.queue) this.#changed({ queue })
  }

  // The state that another tab saved, or an earlier visit.
  adopt({ position, play, ...state }) {
    this.state = { ...state, queue: line.unchanged(this.queue, state.queue) }
    this.sound.keep(this.song, { position, play })
    this.sound.deck.volume = state
    this.tell()
  }

  // Another tab saved something: this one shows it; or, where it plays, takes over what was changed in the queue.
  heardFrom(theirs) {
    if (this.follows) return this.adopt(theirs)
    const { radio: tuned, level, muted } = theirs
    this.state = { queue: line.merged(this.queue, theirs.queue), radio: tuned, level, muted }
    this.sound.deck.volume = theirs
    this.tell()
  }

  // Another tab plays now.
  silence() {
    if (this.follows) return
    this.follows = true
    this.sound.keep(this.song, this.sound.kept)
    this.tell()
  }

  pageGoes() {
    if (this.follows) return
    this.sound.pageGoes()
    this.#store()
  }

  // To all who show it.
  tell() {
    this.dispatchEvent(new Event("change"))
    document.dispatchEvent(new CustomEvent("player:changed", { detail: { song: this.song, playing: this.playing } }))
  }

  #lead() {
    if (this.follows) this.adopt(load())
    this.follows = false
    this.tabs.claim()
  }

  // Leave this song for another; first the music, then the accounts.
  #go(queue, { radio: tuned = this.state.radio, ended = false } = {}) {
    this.#lead()
    const tell = this.sound.left()
    if (queue) {
      const song = line.current(queue)
      this.state = { ...this.state, queue, radio: radio.heard(tuned, song.id) }
      this.sound.begin(song)
      this.#changed()
      this.#refill()
    } else {
      this.sound.finish()
    }
    tell(ended)
  }

  async #on({ ended = false } = {}) {
    const place = this.song?.place
    if (!line.coming(this.queue).length) await this.#refill()
    if (place === this.song?.place) this.#go(line.next(this.queue, { ended }), { ended })
  }

  #failed() {
    this.failures += 1
    const stop = this.failures >= MOST_FAILURES
    notify(stop ? `${MOST_FAILURES} songs in a row can't be played: the player stopped.`
      : `“${this.song.title}” can't be played and was passed over.`, { trouble: true })
    if (!stop) return this.#on()
    this.failures = 0
    this.sound.finish()
  }

  async #refill() {
    const { radio: tuned } = this.state
    if (!tuned || line.coming(this.queue).length >= radio.FEW) return
    this.asking ??= this.#picks(tuned, this.queue).finally(() => { this.asking = null })
    const songs = await this.asking
    if (this.state.radio?.seed !== tuned.seed || line.coming(this.queue).length >= radio.FEW || !songs.length) return
    this.#changed({ queue: line.trimmed(line.append(this.queue, songs)) })
  }

  async #picks(tuned, queue) {
    try {
      const songs = await radio.more(tuned.seed, radio.recent(tuned, queue))
      if (!songs.length) notify("The radio finds no songs in the library.", { trouble: true })
      return songs
    } catch (error) {
      notify(error.message, { trouble: true })
      return []
    }
  }

  #ticked() {
    if (this.sound.play.heard > 1) this.failures = 0
    if (this.length - this.time < PREPARE) this.sound.prepare(line.following(this.queue))
    if (this.playing && performance.now() - this.saved > SAVE_EVERY) this.#store()
    this.dispatchEvent(new Event("time"))
  }

  #store() {
    this.saved = performance.now()
    save({ ...this.state, ...this.sound.kept })
  }

  #changed(facts = {}) {
    this.state = { ...this.state, ...facts }
    this.#store()
    this.tell()
  }
}
