"""Chromium, and what a person does with the page in it."""

import io
import os
import pathlib

from machine import until
from PIL import Image
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
         "--window-size=1920,1080")
PHONE, WIDE, WALL = (390, 844), (1920, 1080), (3840, 2160)


class Browser:
    def __init__(self):
        options = webdriver.ChromeOptions()
        for flag in FLAGS:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))

    def quit(self):
        self.driver.quit()

    def size(self, size):
        width, height = size
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def open(self, host, size=WIDE):
        self.size(size)
        self.driver.get(host.page)
        until(lambda: self.all(".layer, #no-layers:not([hidden])"), "the layers are drawn")
        until(lambda: self.all("#preview[data-state=shown]"), "a picture is shown")
        # Pictures of generations are asked for once they are in sight, which they are on a wide screen.
        drawn = ".generation" if size == PHONE else ".generation .thumbnail[src]"
        until(lambda: self.all(drawn), "the generations are drawn")

    def script(self, text, *arguments):
        return self.driver.execute_script(text, *arguments)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def text(self, selector):
        """Without waiting, and as one string that the page can't change in between."""
        return self.script("return document.querySelector(arguments[0])?.innerText ?? ''", selector)

    def value(self, selector):
        return self.script("return document.querySelector(arguments[0])?.value", selector)

    def click(self, selector):
        self.script("document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", selector)
        self.one(selector).click()

    def wait_text(self, selector, part, seconds=20):
        return until(lambda: part in self.text(selector), f"{selector} says {part!r}, not {self.text(selector)!r}", seconds)

    def layers(self):
        return self.script("return [...document.querySelectorAll('.layer')].map((layer) => layer.dataset.layer)")

    def brightness(self):
        """The mean of all colours of the picture on air, 0 to 255."""
        return self.script(
            """const canvas = document.getElementById("preview");
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            let sum = 0;
            for (let at = 0; at < data.length; at += 4) sum += data[at] + data[at + 1] + data[at + 2];
            return sum / (data.length / 4 * 3);"""
        )

    def complaints(self):
        """Errors of the page itself: answers that refuse and hosts that are away are no such errors."""
        lines = [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]
        return [line for line in lines if "Failed to load resource" not in line and "net::ERR" not in line]

    def picture(self, name, size=WIDE):
        """A screenshot for docs/images, when those are wanted; few colours keep the file small."""
        folder = os.environ.get("AFTERIMAGE_PICTURES")
        if not folder:
            return
        self.size(size)
        self.script("return document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
        image = Image.open(io.BytesIO(self.driver.get_screenshot_as_png())).convert("RGB")
        if size == WIDE:
            image = image.resize((1280, 720), Image.Resampling.LANCZOS)
        image.quantize(colors=160, dither=Image.Dither.NONE).save(pathlib.Path(folder, f"{name}.png"), optimize=True)


def gone(action):
    """Whether an element that was looked at is not there any more."""
    try:
        action()
        return False
    except WebDriverException:
        return True
