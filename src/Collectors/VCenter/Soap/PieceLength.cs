namespace Observe.Collectors.VCenter.Soap;

/// <summary>
/// Follows XML byte by byte, only so far as to know where tags begin and end, and finds a tag or a text that is too long: the parser
/// keeps each whole in memory, and knows no bound of its own. In UTF-8, as it is read here, no byte of a longer character looks
/// like one of those that matter. Not thread-safe.
/// </summary>
/// <param name="limits">What is allowed.</param>
internal sealed class PieceLength(SoapLimits limits)
{
    private State state;
    private byte quote;
    private byte last;
    private byte beforeLast;
    private int length;

    private enum State
    {
        Text,
        Tag,
        Value,
        Instruction,
        Declaration,
        Comment,
        Data,
    }

    /// <summary>Goes on.</summary>
    /// <param name="bytes">The next bytes.</param>
    /// <returns>What is too long; null if nothing is.</returns>
    public string? Take(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (state == State.Text)
            {
                // Most of an answer is passed over at once.
                var begin = bytes.IndexOf((byte)'<');
                length += begin < 0 ? bytes.Length : begin;
                if (length > limits.MaxText)
                    return $"a text of more than {limits.MaxText} bytes";
                if (begin < 0)
                    return null;
                bytes = bytes[(begin + 1)..];
                (state, length, last, beforeLast) = (State.Tag, 0, (byte)'<', 0);
                continue;
            }
            var each = bytes[0];
            bytes = bytes[1..];
            length++;
            if (state is State.Comment or State.Data ? length > limits.MaxText : length > limits.MaxTag)
                return state is State.Comment or State.Data ? $"a text of more than {limits.MaxText} bytes" : $"a tag of more than {limits.MaxTag} bytes";
            state = Next(each);
            (beforeLast, last) = (last, each);
        }
        return null;
    }

    private State Next(byte each) => state switch
    {
        State.Tag when length == 1 && each == '?' => State.Instruction,
        State.Tag when length == 1 && each == '!' => State.Declaration,
        State.Tag when each is (byte)'"' or (byte)'\'' => Open(each),
        State.Value when each == quote => State.Tag,
        State.Declaration when length == 3 && last == '-' && each == '-' => Begin(State.Comment),
        State.Declaration when length == 2 && each == '[' => Begin(State.Data),
        State.Tag or State.Declaration when each == '>' => Begin(State.Text),
        State.Instruction when last == '?' && each == '>' => Begin(State.Text),
        // The dashes that begin a comment do not end it.
        State.Comment when length > 2 && beforeLast == '-' && last == '-' && each == '>' => Begin(State.Text),
        State.Data when beforeLast == ']' && last == ']' && each == '>' => Begin(State.Text),
        _ => state,
    };

    private State Open(byte mark)
    {
        quote = mark;
        return State.Value;
    }

    private State Begin(State next)
    {
        length = 0;
        return next;
    }
}
