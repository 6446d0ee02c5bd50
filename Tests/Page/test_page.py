"""What an operator sees and does, in a real Chromium against a real host."""

import itertools
import unittest
import urllib.error
import urllib.request

from browser import PHONE, WALL, WIDE, Browser
from machine import NotPermitted, filled, running_host, small_file_system, until
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

MIX = "[data-layer=plasma] [data-path$='parameters/mix']"
SPEED = "[data-layer=plasma] [data-path$='parameters/speed']"
BRIGHTNESS = "[data-layer=bars] [data-path$='parameters/brightness']"


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.quit)

    def host(self, *flags, folder=None):
        host = self.enterContext(running_host(*flags, folder=folder))
        self.browser.complaints()
        self.addCleanup(lambda: self.assertEqual(self.browser.complaints(), []))
        return host

    def set_number(self, row, text):
        field = self.browser.one(f"{row} input[type=number]")
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(text, Keys.ENTER)

    def saved(self, seconds=20):
        self.browser.wait_text("#word", "Saved", seconds)


class Driving(PageTest):
    def test_an_osc_packet_moves_a_slider_and_is_marked_as_live(self):
        host, browser = self.host(), self.browser
        browser.open(host)
        host.osc("/studio/layers/plasma/parameters/mix", 0.85)
        until(lambda: browser.value(f"{MIX} input[type=range]") == "0.85", "the slider follows")
        until(lambda: browser.one(f"{MIX} .badge").is_displayed(), "the value is marked as live")
        browser.wait_text(f"{MIX} .badge", "live")
        browser.wait_text("#live", "1 live value is on air, but not part of the show.")
        browser.picture("page-live")
        self.assertEqual(host.ask("/health")["liveValues"], {"count": 1})

    def test_a_single_live_value_is_dropped_or_stored(self):
        host, browser = self.host(), self.browser
        browser.open(host)
        host.osc("/studio/layers/plasma/parameters/mix", 0.85)
        host.osc("/studio/layers/plasma/parameters/speed", 0.15)
        browser.wait_text("#live", "2 live values")
        browser.click(f"{SPEED} button[title^=Drop]")
        browser.wait_text("#live", "1 live value ")
        until(lambda: browser.value(f"{SPEED} input[type=range]") == "0.5", "the durable value is back")
        browser.click(f"{MIX} button[title^=Store]")
        until(lambda: not browser.one("#live").is_displayed(), "no live value is left")
        until(lambda: host.stored_value("plasma", "mix") == 0.85, "the stored value is in the database")

    def test_a_slider_reaches_the_database(self):
        host, browser = self.host(), self.browser
        browser.open(host)
        browser.one(f"{MIX} input[type=range]").send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
        until(lambda: host.stored_value("plasma", "mix") == 0.37, "the value is in the database")
        self.saved()
        browser.wait_text(".generation[data-current=yes] .what", "mix of plasma 0.35 → 0.37")

    def test_a_slider_wins_over_a_live_value(self):
        host, browser = self.host(), self.browser
        browser.open(host)
        host.osc("/studio/layers/plasma/parameters/mix", 0.85)
        until(lambda: browser.value(f"{MIX} input[type=range]") == "0.85", "the slider follows")
        browser.one(f"{MIX} input[type=range]").send_keys(Keys.ARROW_LEFT)
        until(lambda: host.ask("/state?view=effective")["layers"][1]["parameters"]["mix"] == 0.84, "it is on air")
        until(lambda: not browser.one(f"{MIX} .badge").is_displayed(), "it is durable")

    def test_two_pages_agree(self):
        host, browser = self.host(), self.browser
        browser.open(host)
        first = browser.driver.current_window_handle
        browser.driver.switch_to.new_window("window")
        try:
            browser.open(host)
            self.set_number(MIX, "0.5")
            until(lambda: host.ask("/state")["layers"][1]["parameters"]["mix"] == 0.5, "the host has the value")
            browser.click("[data-layer=bars] .switch input")
            browser.driver.switch_to.window(first)
            until(lambda: browser.value(f"{MIX} input[type=number]") == "0.5", "the other page has the value")
            until(lambda: browser.all("[data-layer=bars][data-enabled=no]"), "the other page has the switch")
        finally:
            browser.driver.switch_to.window(browser.driver.window_handles[-1])
            browser.driver.close()
            browser.driver.switch_to.window(first)

    def test_a_page_that_gets_no_event_stream_follows_as_well(self):
        host, browser = self.host(), self.browser
        for _ in range(8):
            self.enterContext(urllib.request.urlopen(f"http://127.0.0.1:{host.ports[1]}/api/v1/events"))
        browser.open(host)
        host.ask("/layers/plasma/parameters/mix?wait=stored", "PUT", {"value": 0.9})
        until(lambda: browser.value(f"{MIX} input[type=number]") == "0.9", "the value is read within seconds")
        browser.wait_text(".generation[data-current=yes] .what", "mix of plasma 0.35 → 0.9")

    def test_dragging_and_keys_reorder(self):
        host, browser = self.host(), self.browser
        browser.open(host)
        self.assertEqual(browser.layers(), ["plasma", "bars"])
        hand = browser.one("[data-layer=plasma] .handle")
        browser.script("arguments[0].scrollIntoView({block: 'center'})", hand)
        distance = browser.script(
            "const box = document.querySelector('[data-layer=bars]').getBoundingClientRect();"
            "return Math.round(box.top + box.height * 0.6 - arguments[0].getBoundingClientRect().top)",
            hand,
        )
        drag = ActionChains(browser.driver).click_and_hold(hand)
        drag.move_by_offset(0, distance // 2).move_by_offset(0, distance - distance // 2).release().perform()
        until(lambda: browser.layers() == ["bars", "plasma"], "the page has the new order")
        self.assertEqual(host.layers(), ["plasma", "bars"])
        browser.one("[data-layer=plasma] .handle").send_keys(Keys.ARROW_UP)
        until(lambda: browser.layers() == ["plasma", "bars"], "the key has moved it back")
        focused = browser.script("return document.activeElement.closest('.layer')?.dataset.layer")
        self.assertEqual(focused, "plasma", "the focus stays with the layer that the key moved")

    def test_layers_come_and_go(self):
        host, browser = self.host(), self.browser
        browser.open(host)
        browser.script("document.getElementById('new-package').value = 'gradient'")
        browser.one("#new-name").send_keys("Sky <b>")
        browser.click("#add button")
        until(lambda: browser.layers() == ["gradient", "plasma", "bars"], "the new layer is on top")
        self.assertEqual(browser.value("[data-layer=gradient] .title"), "Sky <b>")
        browser.picture("page-controls")
        browser.click("[data-layer=gradient] .head button:last-child")
        until(lambda: browser.layers() == ["plasma", "bars"], "the layer is gone")
        browser.click("#toast button.main")
        until(lambda: host.layers() == ["bars", "plasma", "gradient"], "the layer is back where it was")

    def test_a_layer_is_reset_to_its_defaults(self):
        host, browser = self.host(), self.browser
        host.ask("/layers/plasma/parameters/mix?wait=stored", "PUT", {"value": 0.8})
        host.osc("/studio/layers/plasma/parameters/speed", 0.1)
        browser.open(host)
        until(lambda: browser.one(f"{SPEED} .badge").is_displayed(), "the value is marked as live")
        browser.click("[data-layer=plasma] [aria-label='Reset all parameters of Plasma']")
        until(lambda: host.stored_value("plasma", "mix") == 0.35, "the default is stored")
        until(lambda: browser.value(f"{SPEED} input[type=number]") == "0.5", "the live value is gone")
        until(lambda: not browser.one("#live").is_displayed(), "no live value is left")

    def test_a_refused_value_is_explained_at_its_control(self):
        host, browser = self.host(), self.browser
        browser.open(host)
        self.set_number(MIX, "5")
        browser.wait_text(f"{MIX} .fault", "5.0 is above the maximum 1.0")
        browser.picture("page-refused")
        self.set_number(MIX, "0.6")
        until(lambda: not browser.one(f"{MIX} .fault").is_displayed(), "the explanation goes with the cause")
        self.assertEqual(host.ask("/state")["layers"][1]["parameters"]["mix"], 0.6)


class History(PageTest):
    def test_a_rollback_changes_the_picture_and_undo_brings_it_back(self):
        host, browser = self.host(), self.browser
        host.ask("/layers/plasma?wait=stored", "DELETE")
        host.ask("/layers/bars/parameters/brightness?wait=stored", "PUT", {"value": 0.1})
        browser.open(host)
        until(lambda: browser.brightness() < 30, "the picture is dark")
        browser.click("[data-generation='2'] button")
        browser.wait_text("#rollback-lines", "brightness of bars 0.1 → 1")
        browser.picture("page-rollback")
        browser.click("#rollback-go")
        browser.wait_text("#toast", "Rolled back to generation 2, stored as 4.")
        until(lambda: browser.brightness() > 60, "the picture is bright")
        browser.wait_text(".generation[data-current=yes]", "4")
        browser.picture("page-undo")
        browser.click("#toast button.main")
        until(lambda: browser.brightness() < 30, "the picture is dark again")
        browser.wait_text("#toast", "The rollback is undone")
        until(lambda: host.stored_value("bars", "brightness") == 0.1, "the database has it")

    def test_undoing_a_rollback_after_another_change_asks_first(self):
        host, browser = self.host(), self.browser
        host.ask("/layers/plasma/parameters/mix?wait=stored", "PUT", {"value": 0.8})
        browser.open(host)
        browser.click("[data-generation='1'] button")
        browser.wait_text("#rollback-lines", "mix of plasma 0.8 → 0.35")
        browser.click("#rollback-go")
        browser.wait_text("#toast", "stored as 3")
        host.ask("/layers/bars/opacity?wait=stored", "PUT", {"value": 0.5})
        browser.wait_text(".generation[data-current=yes] .what", "opacity of bars 1 → 0.5")
        browser.click("#toast button.main")
        browser.wait_text("#rollback-title", "Roll back to generation 2")
        browser.wait_text("#rollback-lines", "opacity of bars 0.5 → 1")
        self.assertEqual(len(host.ask("/generations")["generations"]), 4)

    def test_one_layer_alone_is_rolled_back(self):
        host, browser = self.host(), self.browser
        host.ask("/layers/plasma/opacity?wait=stored", "PUT", {"value": 0.2})
        host.ask("/layers/bars/opacity?wait=stored", "PUT", {"value": 0.3})
        host.ask("/live/layers/bars/parameters/brightness", "PUT", {"value": 0.5})
        browser.open(host)
        browser.wait_text("#live", "1 live value")
        browser.click("[data-generation='1'] button")
        until(lambda: len(browser.all("#rollback-only option")) == 3, "the layers are offered")
        browser.wait_text("#rollback-lines", "1 live value cleared")
        browser.script(
            "const only = document.getElementById('rollback-only'); only.value = 'layer:plasma';"
            "only.dispatchEvent(new Event('change'))"
        )
        until(lambda: browser.text("#rollback-lines").strip() == "opacity of plasma 0.2 → 0.6", "one change is announced")
        browser.click("#rollback-go")
        browser.wait_text("#toast", "Rolled back to generation 1")
        self.assertEqual([layer["opacity"] for layer in host.ask("/state")["layers"]], [0.3, 0.6])

    def test_undo_and_redo_say_what_they_do(self):
        host, browser = self.host(), self.browser
        host.ask("/layers/plasma/parameters/mix?wait=stored", "PUT", {"value": 0.8})
        browser.open(host)
        browser.wait_text("#undo-what", "mix of plasma 0.8 → 0.35")
        browser.click("#undo")
        until(lambda: browser.value(f"{MIX} input[type=number]") == "0.35", "the value is back")
        until(lambda: browser.one("#redo").is_enabled(), "it can be redone")
        browser.click("#redo")
        until(lambda: browser.value(f"{MIX} input[type=number]") == "0.8", "the change is on air again")

    def test_generations_are_compared_pinned_and_downloaded(self):
        host, browser = self.host(), self.browser
        for value in (0.1, 0.2):
            host.ask("/layers/plasma/parameters/mix?wait=stored", "PUT", {"value": value})
        browser.open(host)
        browser.click("[data-generation='1'] .pick input")
        browser.wait_text("#comparison", "What generation 1 would change now")
        browser.wait_text("#comparison", "mix of plasma 0.2 → 0.35")
        browser.click("[data-generation='2'] .pick input")
        browser.wait_text("#comparison", "mix of plasma 0.35 → 0.1")
        browser.picture("page-compare")
        browser.click("[data-generation='2'] .buttons button:nth-of-type(2)")
        browser.one("#pin-label").send_keys("opening", Keys.ENTER)
        browser.wait_text("[data-generation='2'] .marks", "pinned: opening")
        link = browser.one("[data-generation='2'] a").get_attribute("href")
        with urllib.request.urlopen(link) as answer:
            self.assertIn(b'"formatVersion":1', answer.read())
        browser.click("[data-generation='2'] .buttons button:nth-of-type(2)")
        until(lambda: "pinned" not in browser.text("[data-generation='2'] .marks"), "the pin is gone")

    def test_presets_are_saved_and_loaded_with_the_difference_first(self):
        host, browser = self.host(), self.browser
        browser.open(host)
        browser.one("#preset-name").send_keys("opening", Keys.ENTER)
        until(lambda: browser.all("[data-preset=opening]"), "the preset is listed")
        self.set_number(MIX, "0.9")
        until(lambda: host.ask("/state")["layers"][1]["parameters"]["mix"] == 0.9, "the show has changed")
        browser.click("[data-preset=opening] button")
        browser.wait_text("#preset-lines", "mix of plasma 0.9 → 0.35")
        browser.click("#preset-go")
        until(lambda: host.ask("/state")["layers"][1]["parameters"]["mix"] == 0.35, "the preset is on air")

    def test_a_selection_survives_updates(self):
        host, browser = self.host(), self.browser
        browser.open(host)
        browser.script(
            "const words = document.querySelector(\"[data-generation='1'] .what\").firstChild;"
            "getSelection().setBaseAndExtent(words, 4, words, 8)"
        )
        chosen = "return getSelection().toString()"
        self.assertEqual(browser.script(chosen), "demo")
        for value in (0.1, 0.9):
            host.ask("/layers/plasma/parameters/mix?wait=stored", "PUT", {"value": value})
        until(lambda: len(browser.all(".generation")) == 3, "the generations were drawn again")
        self.assertEqual(browser.script(chosen), "demo")


class Trouble(PageTest):
    def stores(self, host, text):
        host.ask("/layers/caption/parameters/words", "PUT", {"value": text})
        try:
            return host.ask("/persistence/flush?timeoutMs=500", "POST", {})["stored"]
        except urllib.error.HTTPError as refusal:
            with refusal:
                return False

    def test_a_full_disk_turns_the_light_and_says_why(self):
        try:
            folder = self.enterContext(small_file_system(4))
        except NotPermitted as problem:
            self.skipTest(f"NO FULL DISK WAS TRIED: this process may not mount a tmpfs: {problem}")
        letters = itertools.cycle("abcdefghijklmnopqrstuvwxyz")
        packages = folder / "packages"
        packages.mkdir()
        (packages / "caption.fs").write_text('/*{"INPUTS":[{"NAME":"words","TYPE":"text"}]}*/')
        host, browser = self.host("--demo", "--packages", str(packages), folder=folder / "data"), self.browser
        host.ask("/layers?wait=stored", "POST", {"id": "caption", "package": "caption", "name": "Caption", "at": 0})
        browser.open(host)
        self.saved()
        with filled(folder):
            # The log has room for some changes that it reuses: long texts use it up.
            until(lambda: not self.stores(host, f"Act {next(letters)}".ljust(4000)), "a change that finds no room")
            host.ask("/layers/plasma/parameters/mix", "PUT", {"value": 0.9})
            browser.wait_text("#word", "Unsaved")
            browser.wait_text("#why", "No space left on device")
            browser.picture("page-unsaved")
            browser.wait_text("#word", "Failing")
            browser.wait_text("#remedy", "Do not stop the host")
            browser.wait_text("#lost", "2 changes")
            browser.picture("page-failing")
            browser.picture("page-failing-phone", PHONE)
            browser.size(WIDE)
        self.saved()
        until(lambda: host.stored_value("plasma", "mix") == 0.9, "the change is in the database")

    def test_a_killed_host_is_missed_and_found_again_without_a_reload(self):
        host, browser = self.host(), self.browser
        browser.open(host)
        self.set_number(MIX, "0.77")
        until(lambda: host.stored_value("plasma", "mix") == 0.77, "the value is stored")
        browser.script("window.before = true")
        host.kill()
        browser.wait_text("#word", "Host gone")
        browser.picture("page-gone")
        host.start()
        host.ask("/layers/bars/opacity", "PUT", {"value": 0.25})
        self.saved()
        opacity = "[data-layer=bars] [data-path$=opacity] input[type=number]"
        until(lambda: browser.value(opacity) == "0.25", "the page has what changed meanwhile")
        self.assertTrue(browser.script("return window.before"))
        host.osc("/studio/layers/plasma/parameters/speed", 0.95)
        until(lambda: browser.value(f"{SPEED} input[type=range]") == "0.95", "events come again")

    def test_a_loss_is_shown_until_it_is_acknowledged(self):
        host, browser = self.host(), self.browser
        host.ask("/layers/bars/opacity?wait=stored", "PUT", {"value": 0.25})
        host.kill()
        for name in ("state.db", "state.db-wal"):
            file = host.folder / name
            if file.exists():
                file.write_bytes(b"\0" * max(file.stat().st_size, 4096))
        host.start()
        browser.open(host)
        browser.wait_text("#word", "Something was lost")
        browser.wait_text("#notices", "The last start could not bring everything back")
        browser.picture("page-loss")
        browser.click("#notices button")
        self.saved()
        until(lambda: "could not bring everything back" not in browser.text("#notices"), "the notice is gone")
        self.assertIsNone(host.ask("/health")["loss"])


class Access(PageTest):
    def test_the_page_fits_from_a_phone_to_a_wall(self):
        host, browser = self.host(), self.browser
        host.ask("/layers/plasma/parameters/mix?wait=stored", "PUT", {"value": 0.8})
        browser.open(host)
        self.saved()
        for name, size in (("page-phone", PHONE), ("page-saved", WIDE), (None, (1024, 768)), (None, WALL)):
            browser.size(size)
            width = until(lambda: browser.script("return innerWidth"), "a width")
            self.assertEqual(width, size[0])
            self.assertEqual(browser.script("return document.documentElement.scrollWidth"), width, f"at {size}")
            if name:
                browser.picture(name, size)
        browser.size(WIDE)

    def test_everything_that_can_be_used_has_a_name(self):
        host, browser = self.host(), self.browser
        host.ask("/layers", "POST", {"id": "sky", "package": "gradient", "name": "Sky"})
        browser.open(host)
        until(lambda: browser.layers()[0] == "sky", "the third layer is drawn")
        tree = browser.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        roles = {"button", "checkbox", "switch", "slider", "spinbutton", "textbox", "combobox", "link", "image", "ColorWell"}
        used = [node for node in tree if node.get("role", {}).get("value") in roles and not node["ignored"]]
        self.assertGreater(len(used), 50)
        nameless = [node["role"]["value"] for node in used if not node.get("name", {}).get("value")]
        self.assertEqual(nameless, [])

    def test_nothing_moves_for_those_who_asked_for_calm(self):
        host, browser = self.host(), self.browser
        browser.open(host)
        alarm = "document.getElementById('light').dataset.tone = 'bad'; return document.getAnimations().length"
        for wanted, animations in (("no-preference", 1), ("reduce", 0)):
            features = [{"name": "prefers-reduced-motion", "value": wanted}]
            browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
            self.assertEqual(browser.script(alarm), animations, wanted)
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})

    def test_the_keyboard_alone_rolls_back(self):
        host, browser = self.host(), self.browser
        host.ask("/layers/plasma/parameters/mix?wait=stored", "PUT", {"value": 0.8})
        browser.open(host)
        browser.script("document.querySelector(\"[data-generation='1'] button\").focus()")
        browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
        browser.wait_text("#rollback-lines", "mix of plasma 0.8 → 0.35")
        focused = browser.script("return document.activeElement.closest('dialog')?.id")
        self.assertEqual(focused, "rollback-dialog")
        browser.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
        until(lambda: not browser.one("#rollback-dialog").is_displayed(), "Escape closes it")
        self.assertEqual(len(host.ask("/generations")["generations"]), 2)


if __name__ == "__main__":
    unittest.main()
