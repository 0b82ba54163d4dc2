using System.Text;

namespace Observe.Telemetry.Otlp;

/// <summary>Encodes a KeyValue with a string value, the only kind of attribute that Observe has.</summary>
internal static class AttributeEncoder
{
    public static void Write(ProtobufBuffer buffer, byte field, string key, string value)
    {
        var keySize = StringFieldSize(key);
        var anySize = StringFieldSize(value);
        buffer.VarintField(field, (ulong)(keySize + 1 + ProtobufBuffer.VarintSize((ulong)anySize) + anySize));
        buffer.StringField(OtlpFields.KeyValueKey, key);
        buffer.VarintField(OtlpFields.KeyValueValue, (ulong)anySize);
        buffer.StringField(OtlpFields.AnyValueString, value);
    }

    private static int StringFieldSize(string value)
    {
        var size = Encoding.UTF8.GetByteCount(value);
        return 1 + ProtobufBuffer.VarintSize((ulong)size) + size;
    }
}
