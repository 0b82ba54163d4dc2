using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Session;
using Shouldly;
using Xunit;

namespace Observe.Collectors.Tests.VCenter.Session;

public sealed class CredentialSourceTests : IDisposable
{
    private static readonly VCenterEndpoint Endpoint = new(new Uri("https://vc/sdk")) { Username = "reader", Password = "s3cret" };

    private readonly string directory = Directory.CreateTempSubdirectory("observe-credentials-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void Read_Files_AreReadEachTimeWithoutTheirLineEnd()
    {
        var (user, password) = (Path.Combine(directory, "user"), Path.Combine(directory, "pw"));
        File.WriteAllText(user, "reader@vsphere.local\r\n");
        File.WriteAllText(password, " one with spaces \n");
        var source = new CredentialSource(Endpoint with { Username = null, UsernameFile = user, Password = null, PasswordFile = "pw" }, directory);

        source.Read().ShouldBe(new Credentials("reader@vsphere.local", " one with spaces "));
        File.WriteAllText(password, "two");
        source.Read().Password.ShouldBe("two");
        source.Read().ToString().ShouldBe("reader@vsphere.local");
    }

    [Theory]
    [InlineData("", "there is no password for vc")]
    [InlineData("\n", "there is no password for vc")]
    [InlineData("s3cret\nmore", "the password for vc has a control character in it, perhaps a line end")]
    [InlineData("s3cret\u0001", "the password for vc has a control character in it, perhaps a line end")]
    public void Read_NoPassword_SaysSoAndNotWhatItIs(string content, string expected)
    {
        File.WriteAllText(Path.Combine(directory, "pw"), content);

        var error = Should.Throw<VCenterException>(() => new CredentialSource(Endpoint with { Password = null, PasswordFile = "pw" }, directory).Read());

        error.Message.ShouldBe(expected);
        $"{error} {error.Remedy}".ShouldNotContain("s3cret");
    }

    [Fact]
    public void Read_EndlessFile_IsNotRead()
    {
        Should.Throw<VCenterException>(() => new CredentialSource(Endpoint with { Password = null, PasswordFile = "/dev/zero" }, directory).Read())
            .Message.ShouldBe("/dev/zero, the passwordFile of vc, is too long for one");
    }

    [Fact]
    public void Read_CredentialWithoutSystemd_SaysWhatToDo()
    {
        var error = Should.Throw<VCenterException>(() => new CredentialSource(Endpoint with { Password = null, PasswordFile = "pw" }, null).Read());

        error.Message.ShouldBe("the passwordFile of vc is the systemd credential pw, and $CREDENTIALS_DIRECTORY is not set");
        error.Remedy.ShouldBe("add LoadCredential=pw:FILE to the unit, or set an absolute path");
    }
}
