"""How a guide comes to be public: drafts, a second person's look, planned days, replay (指南发布)."""
