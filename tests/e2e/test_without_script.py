"""Without script the library is still browsed, rated and heard: every command is a form, every song a link."""


def test_without_script_the_library_is_browsed_rated_and_the_radio_is_a_list(open_page, site):
    page = open_page("/music/2", java_script_enabled=False)
    form = page.locator("main form.rating").first
    form.locator("input[name=rating]").fill("6.5")
    form.locator("button[type=submit]").first.click()
    assert site.rows("SELECT rating FROM song WHERE id = 2") == [(6.5,)]
    page.goto("/music/?sort=title&dir=asc")
    assert page.locator("a[href$='/file']").count() >= 1
    assert page.locator(".player").is_hidden()
    page.goto("/music/radio?seed=7")
    link = page.locator(".radio-play").first.get_attribute("href")
    answer = page.request.get(link, headers={"Range": "bytes=0-99"})
    assert (answer.status, answer.headers["content-type"], len(answer.body())) == (206, "audio/mpeg", 100)
