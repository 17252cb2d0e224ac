"""Do what a report needs: count a week in the database, and write it as HTML, docx and xlsx."""
