// Puts the page together.

import { factsView } from "./factsView.mjs";
import { Feed } from "./feed.mjs";
import { Model } from "./model.mjs";
import { noticesView } from "./noticesView.mjs";
import { pictureView } from "./pictureView.mjs";
import { presetsView } from "./presetsView.mjs";
import { rollbackDialog } from "./rollbackDialog.mjs";
import { stackView } from "./stackView.mjs";
import { statusView } from "./statusView.mjs";
import { timelineView } from "./timelineView.mjs";

const model = new Model();
const feed = new Feed(model);
statusView(model, feed);
noticesView(model, feed);
pictureView(model);
stackView(model, feed);
timelineView(model, feed, rollbackDialog(model, feed));
presetsView(model, feed);
factsView(model);
feed.start();
