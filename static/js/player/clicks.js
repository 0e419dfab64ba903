// What plays by a click anywhere on a page; without script the same links lead to the sound file.
//
//   data-play='{song}'        plays it; in a [data-play-list] (or [data-radio-list]) the songs around it come next
//   data-play-list='[songs]'  on a button or link: plays them; "" = the songs of the list around it, or of the page
//   data-enqueue='{song}'     (or a list) comes after this song
//   data-radio="seed"         starts the radio; "" = a new seed
import { notify } from "../send.js"

const ASKING = "[data-enqueue], [data-play], :is(a, button)[data-play-list], [data-radio]"

export function connect(player, page = document) {
  page.addEventListener("click", event => {
    const asked = event.target.closest?.(ASKING)
    if (!asked || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    const { enqueue, play, radio } = asked.dataset
    if (enqueue !== undefined) return add(player, [JSON.parse(enqueue)].flat())
    if (play !== undefined) return playFrom(player, asked)
    if (radio !== undefined) return player.startRadio(radio, picks(page, radio))
    player.start(list(asked, page))
  })
}

// The songs that a container shows, in the order they stand; each once.
export function shown(container) {
  const songs = [...container.querySelectorAll("[data-play]")].map(element => JSON.parse(element.dataset.play))
  return [...new Map(songs.map(song => [`${song.module} ${song.id}`, song])).values()]
}

function playFrom(player, asked) {
  const song = JSON.parse(asked.dataset.play)
  if (player.song?.id === song.id && player.song.module === song.module) return player.toggle()
  const around = asked.closest("[data-radio-list], [data-play-list]:not(a, button)")
  if (!around) return player.start([song])
  const songs = around.dataset.playList ? JSON.parse(around.dataset.playList) : shown(around)
  const at = songs.findIndex(other => other.id === song.id && other.module === song.module)
  if (at < 0) return player.start([song])
  return around.dataset.radioList ? player.startRadio(around.dataset.radioList, songs, at) : player.start(songs, at)
}

function list(asked, page) {
  if (asked.dataset.playList) return JSON.parse(asked.dataset.playList)
  return shown(asked.closest("[data-play-list]:not(a, button)") ?? page.querySelector("main") ?? page.body)
}

// On the radio's own page: what it shows for this seed is what is played.
function picks(page, seed) {
  const shownPicks = seed && page.querySelector(`[data-radio-list="${CSS.escape(seed)}"]`)
  return shownPicks ? shown(shownPicks) : null
}

function add(player, songs) {
  player.ask(songs)
  notify(songs.length === 1 ? `“${songs[0].title}” comes next.` : `${songs.length} songs come next.`)
}
