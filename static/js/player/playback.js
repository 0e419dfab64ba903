// One song being heard: its sound, and the account of what was heard of it.
import { Deck } from "./audio.js"
import { isSafe, Play, report } from "./plays.js"

// Tells `ended`, `failed`, `stopped` (paused, or not allowed to start), `time`, and `moved` (the place jumped).
export class Playback extends EventTarget {
  constructor(deck = new Deck()) {
    super()
    Object.assign(this, { deck, song: null, position: 0, play: new Play(), playing: false })
    const on = (name, act) => deck.addEventListener(name, act)
    on("timeupdate", () => this.#ticked())
    on("seeking", () => this.play.broke())
    on("playing", () => this.play.at(deck.time)) // from here on time counts
    for (const name of ["seeked", "durationchange", "playing"]) on(name, () => this.#moved())
    on("pause", () => this.#paused())
    on("ended", () => this.#tell("ended"))
    on("error", () => this.#failed())
    on("blocked", () => this.#stopped())
  }

  get loaded() { return Boolean(this.song) && this.deck.holds(this.song.file) }
  get time() { return this.loaded ? this.deck.time : this.position }
  get length() { return (this.loaded && this.deck.duration) || this.song?.duration || 0 }
  get kept() { return { position: this.time, play: this.play.kept } }

  // A new play of this song, from its start.
  begin(song) {
    Object.assign(this, { song, position: 0, play: new Play(), playing: true })
    this.deck.load(song.file)
    this.deck.play()
  }

  // A play as it was saved; nothing is loaded before it goes on.
  keep(song, { position, play }) {
    if (this.loaded) this.deck.unload()
    Object.assign(this, { song, position, play: new Play(play ?? {}), playing: false })
  }

  resume() {
    if (!this.loaded) this.deck.load(this.song.file, this.position)
    this.playing = true
    this.deck.play()
  }

  pause() { this.deck.pause() }

  seek(to) {
    this.position = Math.min(Math.max(to, 0), this.length)
    if (this.loaded) this.deck.seek(this.position)
    this.#moved()
  }

  prepare(song) { if (song) this.deck.prepare(song.file) }

  // The account of this play so far: a function that tells it to the server, called once the next song sounds.
  left() {
    this.#count()
    const { song, play } = this
    return ended => report(song, play, ended)
  }

  // Nothing plays any more; the song stays shown, from its start.
  finish() {
    this.keep(this.song, { position: 0, play: null })
    this.#tell("stopped")
  }

  // The page may go. Left before half is not told: it may be a reload, and then this play goes on.
  pageGoes() {
    this.#count()
    if (!isSafe(this.play, this.length)) return
    report(this.song, this.play, false)
    this.play = new Play({ rest: true })
  }

  #ticked() {
    this.#count()
    this.#tell("time")
  }

  #count() {
    if (this.loaded && !this.deck.paused) this.play.at(this.deck.time)
  }

  #paused() {
    this.play.at(this.deck.time)
    this.play.broke()
    if (!this.deck.now.ended) this.#stopped()
  }

  // What could not be played was not skipped by the person: its play is forgotten.
  #failed() {
    this.play = new Play()
    this.#tell(this.playing ? "failed" : "stopped")
  }

  #stopped() {
    this.position = this.time
    this.playing = false
    this.#tell("stopped")
  }

  #moved() {
    this.#tell("time")
    this.#tell("moved")
  }

  #tell(name) { this.dispatchEvent(new Event(name)) }
}
