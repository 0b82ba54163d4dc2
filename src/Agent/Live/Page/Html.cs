using System.Globalization;
using System.Net;
using System.Text;

namespace Observe.Agent.Live.Page;

/// <summary>Writes HTML in which everything that is put in is text: what looks like markup in a name stays what it looks like.</summary>
internal sealed class Html
{
    private readonly StringBuilder page = new(16 * 1024);

    /// <summary>Writes markup; what stands in braces is encoded.</summary>
    /// <param name="markup">The markup.</param>
    public Html Add(FormattableString markup)
    {
        var arguments = new object?[markup.ArgumentCount];
        for (var i = 0; i < arguments.Length; i++)
            arguments[i] = WebUtility.HtmlEncode(Convert.ToString(markup.GetArgument(i), CultureInfo.InvariantCulture));
        page.AppendFormat(CultureInfo.InvariantCulture, markup.Format, arguments).Append('\n');
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => page.ToString();
}
