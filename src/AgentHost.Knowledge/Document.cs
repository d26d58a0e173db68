using System.Collections.Immutable;

namespace AgentHost.Knowledge;

/// <summary>A best-practice page of the skills folder.</summary>
/// <param name="Slug">The file's name without ending, or the skill's name for its SKILL.md; unique in the library.</param>
/// <param name="Skill">The skill's folder, as <c>review-migration</c>.</param>
/// <param name="Kind"><c>skill</c>, <c>reference</c>, <c>rule</c> or <c>problem</c>.</param>
/// <param name="Title">The front matter's title, else the first heading, else the slug.</param>
/// <param name="Path">Where it lies, from the skills folder's parent: <c>skills/review-migration/rules/drop-column.md</c>.</param>
/// <param name="Text">The Markdown text, front matter included.</param>
public sealed record Document(string Slug, string Skill, string Kind, string Title, string Path, string Text)
{
    private ImmutableArray<Section> sections;

    /// <summary>Lines in which people ask for the page, from the skill's <c>asked.yaml</c>; they are searched and never shown.</summary>
    public ImmutableArray<string> Asked { get; init; } = [];

    /// <summary>The page by headings, in order; parsed when first asked for.</summary>
    public ImmutableArray<Section> Sections
    {
        get
        {
            if (sections.IsDefault) ImmutableInterlocked.InterlockedInitialize(ref sections, MarkdownSections.Of(Text, Title));
            return sections;
        }
        internal init => sections = value;
    }

    /// <summary>Whether the page has a heading of this text (letter case aside).</summary>
    public bool HasSection(string heading) => Sections.Any(s => s.Heading.Equals(heading, StringComparison.OrdinalIgnoreCase));

    /// <summary>Pages are the same where their place, their text and what is asked for them are.</summary>
    public bool Equals(Document? other) => other is not null && Path == other.Path && Text == other.Text && Asked.SequenceEqual(other.Asked);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Path, Text);
}

/// <summary>The part of a page under one heading, without the parts under deeper ones.</summary>
/// <param name="Heading">The heading's text without markup; the page's title for what stands before the first heading.</param>
/// <param name="Path">Headings from the page's title down to this one, without the title itself.</param>
/// <param name="Level">1 for the title, 2 for <c>##</c>, …</param>
/// <param name="Text">The Markdown below the heading, trimmed; may be empty.</param>
public sealed record Section(string Heading, ImmutableArray<string> Path, int Level, string Text);
