using Observe.Collectors.VCenter.Soap;

namespace Observe.Collectors.Tests.VCenter.Soap;

public sealed class SharedTextsTests
{
    [Fact]
    public void Of_SameTextAgain_IsTheSameValue()
    {
        var texts = new SharedTexts();
        var first = texts.Of(null, "poweredOn");

        texts.Of(null, new string("poweredOn".AsSpan())).ShouldBeSameAs(first);
        first.Text.ShouldBe("poweredOn");
    }

    [Fact]
    public void Of_SameTextOfAnotherType_IsAnotherValue()
    {
        var texts = new SharedTexts();

        texts.Of("HostSystem", "x-1").AsManagedObject!.Value.Type.ShouldBe("HostSystem");
        texts.Of("Datastore", "x-1").AsManagedObject!.Value.Type.ShouldBe("Datastore");
        texts.Of(null, "x-1").AsManagedObject.ShouldBeNull();
    }

    [Fact]
    public void Of_MoreThanAreKept_AreRightAllTheSame()
    {
        var texts = new SharedTexts();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 5000; i++)
                texts.Of(null, $"{i}").AsInt64.ShouldBe(i);
        }
        texts.Of(null, "0").ShouldBeSameAs(texts.Of(null, "0"));
        texts.Of(null, "4999").ShouldNotBeSameAs(texts.Of(null, "4999"));
    }

    [Fact]
    public void Of_LongText_IsNotKept()
    {
        var texts = new SharedTexts();
        var text = new string('x', 25);

        texts.Of(null, text).ShouldNotBeSameAs(texts.Of(null, text));
    }
}
