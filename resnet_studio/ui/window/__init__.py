"""The main window, its menus and actions."""
