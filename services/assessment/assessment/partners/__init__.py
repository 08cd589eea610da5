"""What partners read and follow here, each time under a grant that is live at that moment."""
