// A video element that goes to any second, also where the video is converted while it is watched: then `element` plays a
// stream that begins at `offset` seconds, and going elsewhere starts another.

const PATIENCE = 400 // milliseconds: several steps in a row are one jump

export class Tape {
  // `shown(seconds)` is told where it goes before anything is there.
  constructor(element, { stream, direct, duration, shown }) {
    const asked = new URL(element.src, location.href).searchParams
    const viewer = asked.get("viewer") ?? String(Math.random()).slice(2) // who jumps takes one place among those who watch
    Object.assign(this, { element, stream, direct, duration, shown, viewer, offset: Number(asked.get("start")), wanted: null })
  }

  get at() { return this.wanted ?? this.offset + this.element.currentTime }
  get paused() { return this.element.paused }
  get early() { return !this.direct && this.duration && this.at < this.duration - 8 }

  go(to, patience = 0) {
    const wanted = Math.max(0, this.duration ? Math.min(to, this.duration - 0.5) : to)
    if (this.direct) {
      this.element.currentTime = wanted
      return
    }
    this.wanted = wanted
    this.shown(wanted)
    clearTimeout(this.timer)
    if (patience) this.timer = setTimeout(() => this.begin(wanted, !this.paused), patience)
    else this.begin(wanted, !this.paused)
  }

  step(by) { this.go(this.at + by, PATIENCE) }

  // The stream from this second on; paused, only its first picture is loaded.
  begin(at, plays = false) {
    clearTimeout(this.timer)
    Object.assign(this, { offset: at, wanted: null })
    this.element.preload = "metadata"
    this.element.src = `${this.stream}?start=${at.toFixed(2)}&viewer=${this.viewer}`
    this.shown(at)
    if (plays) this.play()
  }

  convert(at) {
    const plays = !this.paused
    this.direct = false
    this.begin(at, plays)
  }

  play() { this.element.play().catch(() => {}) } // what can't be played tells itself by its `error` event

  toggle() {
    if (this.paused) this.play()
    else this.element.pause()
  }

  // Ends the transfer, and with it the conversion.
  close() {
    clearTimeout(this.timer)
    this.element.pause()
    this.element.removeAttribute("src")
    this.element.load()
  }
}
