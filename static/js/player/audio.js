// Two audio elements that take turns: the next song is loaded before this one ends, so it starts at once.

const TOLD = ["timeupdate", "durationchange", "playing", "pause", "ended", "seeking", "seeked", "waiting", "error"]

// Tells the events in TOLD of the element that plays, and `blocked` when the browser does not allow to start.
export class Deck extends EventTarget {
  constructor(make = () => new Audio()) {
    super()
    this.now = this.#element(make)
    this.spare = this.#element(make)
  }

  get time() { return this.now.currentTime }
  get duration() { return Number.isFinite(this.now.duration) ? this.now.duration : null }
  get paused() { return this.now.paused }

  holds(file) { return Boolean(file) && this.now.dataset.file === file && !this.now.error }

  // Make this file the one that plays, from `position` in seconds; at once where it was prepared.
  load(file, position = 0) {
    if (this.spare.dataset.file === file && !this.spare.error && position === 0) {
      [this.now, this.spare] = [this.spare, this.now]
      empty(this.spare)
    } else {
      fill(this.now, file)
    }
    this.seek(position)
  }

  prepare(file) {
    if (file && this.spare.dataset.file !== file) fill(this.spare, file)
  }

  unload() {
    empty(this.now)
    empty(this.spare)
  }

  async play() {
    const element = this.now
    try {
      await element.play()
    } catch (error) { // a file that cannot be played tells itself by its `error` event
      if (error.name === "NotAllowedError" && element === this.now) this.dispatchEvent(new Event("blocked"))
    }
  }

  pause() { this.now.pause() }

  // Before anything is loaded this sets where it will start.
  seek(position) {
    if (this.now.currentTime !== position) this.now.currentTime = position
  }

  set volume({ level, muted }) {
    for (const element of [this.now, this.spare]) Object.assign(element, { volume: level, muted })
  }

  #element(make) {
    const element = make()
    element.preload = "auto"
    for (const name of TOLD) {
      element.addEventListener(name, () => {
        if (element === this.now && element.dataset.file) this.dispatchEvent(new Event(name))
      })
    }
    return element
  }
}

function fill(element, file) {
  element.dataset.file = file
  element.src = file
  element.load()
}

function empty(element) {
  delete element.dataset.file
  element.pause()
  element.removeAttribute("src")
  element.load()
}
