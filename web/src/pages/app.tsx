import { standing } from "../me";
import { Announcer } from "../parts/announcer";
import { route } from "../route";
import { DocumentPage } from "./document/documentPage";
import { Projector } from "./document/projector";
import { Home } from "./home";
import { Join } from "./join";
import { Meeting } from "./meeting/meeting";
import { NotFound, Unreachable } from "./messages";
import { Past } from "./past/past";
import { SignedOut } from "./signedOut";

export function App() {
  return (
    <>
      <Page />
      <Announcer />
    </>
  );
}

function Page() {
  const here = route.value;
  const { state } = standing.value;
  if (state === "asking") return null;
  if (here.page === "join") return <Join key={here.token} token={here.token} />;
  if (standing.value.state === "signedOut") return <SignedOut left={standing.value.left} />;
  if (state === "unreachable") return <Unreachable />;
  switch (here.page) {
    case "home":
      return <Home />;
    case "meeting":
      return <Meeting key={here.meeting} id={here.meeting} />;
    case "document":
      return <DocumentPage key={here.document} id={here.document} />;
    case "projector":
      return <Projector key={here.document} id={here.document} />;
    case "past":
      return <Past key={here.document} id={here.document} />;
    case "nowhere":
      return <NotFound />;
  }
}
