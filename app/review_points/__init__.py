"""What an application is reviewed by, published with its guide (审查要点)."""
