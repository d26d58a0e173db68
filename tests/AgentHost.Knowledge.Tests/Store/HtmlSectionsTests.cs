using AgentHost.Knowledge.Ingest;

namespace AgentHost.Knowledge.Tests.Store;

public sealed class HtmlSectionsTests
{
    [Fact]
    public void Readable_text_is_kept_by_heading_and_code_stays_code()
    {
        var (title, sections) = HtmlSections.Of("""
            <html><head><title>Locks</title><style>x{}</style></head><body>
            <div class="navheader">Prev Next</div><h1>Locks</h1><p>First <b>words</b><br/>of it.</p>
            <div class="toc"><a href="x">5.1</a></div>
            <h2>Modes <a class="headerlink" href="#m">#</a></h2><ul><li>share</li><li><p>exclusive</p></li></ul>
            <pre>SELECT 1;
              -- ``` two</pre><p>Use <code>LOCK TABLE</code>.</p>
            <table><tr><th>mode</th><th>level</th></tr><tr><td>share</td><td>5</td></tr></table>
            <script>alert(1)</script><p style="display: none">hidden</p><!-- comment --></body></html>
            """, "file");
        Assert.Equal("Locks", title);
        Assert.Equal(["Locks:1:", "Modes:2:Modes"], sections.Select(s => $"{s.Heading}:{s.Level}:{string.Join('/', s.Path)}"));
        Assert.Equal("First words of it.", sections[0].Text);
        Assert.Equal("- share\n\n- exclusive\n\n```\nSELECT 1;\n  -- ''' two\n```\n\nUse `LOCK TABLE`.\n\nmode | level\n\nshare | 5", sections[1].Text);
    }

    [Fact]
    public void A_term_that_can_be_linked_to_is_a_heading_and_after_its_list_the_section_goes_on()
    {
        var (_, sections) = HtmlSections.Of("""
            <body><h2>Memory</h2><p>before</p><dl><dt id="GUC-WORK-MEM"><code>work_mem</code> (<code>integer</code>) <a class="id_link">#</a></dt><dd><p>for sorts</p></dd>
            <dt id="GUC-X">x</dt><dd>other</dd></dl><p>after</p><dl><dt>plain</dt><dd>term</dd></dl></body>
            """, "file");
        Assert.Equal(["Memory=before", "work_mem (integer)=for sorts", "x=other", "Memory=after\n\n**plain:**\n\nterm"], sections.Select(s => $"{s.Heading}={s.Text}"));
        Assert.Equal(["Memory", "work_mem (integer)"], sections[1].Path.AsEnumerable());
    }

    [Theory]
    [InlineData("")]
    [InlineData("<<<>>")]
    [InlineData("<body><nav>only links</nav></body>")]
    [InlineData("<table><tr><td><h2>")]
    public void What_says_nothing_has_no_sections(string html) => Assert.DoesNotContain(HtmlSections.Of(html, "file").Sections, s => s.Text.Any(char.IsLetterOrDigit));

    [Fact]
    public void A_page_nested_beyond_reason_is_refused_and_does_not_end_the_process() =>
        Assert.Contains("nested", Assert.Throws<KnowledgeException>(() => HtmlSections.Of(string.Concat(Enumerable.Repeat("<div>", 20_000)) + "deep", "file")).Message);
}
