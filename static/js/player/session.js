// The keys of the keyboard, the headset and the lock screen: the browser's Media Session.

const SIDES = [96, 320, 640]

export function connect(player) {
  if (!navigator.mediaSession) return
  const handlers = {
    play: () => player.resume(), pause: () => player.pause(), stop: () => player.pause(),
    previoustrack: () => player.previous(), nexttrack: () => player.next(),
    seekbackward: ({ seekOffset }) => player.seekBy(-(seekOffset || 10)),
    seekforward: ({ seekOffset }) => player.seekBy(seekOffset || 10),
    seekto: ({ seekTime }) => player.seek(seekTime),
  }
  for (const [action, handler] of Object.entries(handlers)) {
    try {
      navigator.mediaSession.setActionHandler(action, handler)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error // this browser does not know that action
    }
  }
  player.addEventListener("change", () => show(player))
  player.addEventListener("moved", () => place(player))
}

function show(player) {
  const { song, playing } = player
  navigator.mediaSession.playbackState = song ? (playing ? "playing" : "paused") : "none"
  if (song?.place === show.shown?.place && song?.id === show.shown?.id) return
  show.shown = song
  navigator.mediaSession.metadata = song && new MediaMetadata({
    title: song.title, artist: song.by, artwork: song.thumbnail ? SIDES.map(side => artwork(song, side)) : [] })
}

function artwork(song, side) {
  const url = new URL(song.thumbnail, location.href)
  url.searchParams.set("side", side)
  return { src: url.href, sizes: `${side}x${side}`, type: "image/webp" }
}

function place({ length, time }) {
  if (length > 0) navigator.mediaSession.setPositionState?.({ duration: length, position: Math.min(time, length) })
}
