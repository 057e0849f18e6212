import { render } from "preact";
import "./style/index.css";
import { askWhoIAm } from "./me";
import { App } from "./pages/app";
import { followLinks } from "./route";
import { guardLeaving } from "./unsaved";

followLinks();
guardLeaving();
void askWhoIAm();

const place = document.getElementById("app");
if (place) render(<App />, place);
