using System.Text;

namespace Observe.Agent.Logging;

/// <summary>How an event becomes one line.</summary>
internal interface ILineFormat
{
    /// <summary>Appends the line without its end; nothing in it ends a line.</summary>
    void Format(in LogLine line, StringBuilder text);
}
