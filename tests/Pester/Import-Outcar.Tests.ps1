#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Import-Outcar' {
    $calls = @{
        Cmdlet         = 'Import-Outcar'
        Prepare        = {
            $null = New-Item 'a[1]' -ItemType Directory
            Copy-Item al-strain/strain_+0.0000/OUTCAR -Destination 'a[1]'
        }
        Run            = { param($With) 'al-strain' | Import-Outcar @With }
        ByParameter    = { param($With) Import-Outcar al-strain @With }
        ByPropertyName = { param($With) [pscustomobject]@{ FolderPath = 'al-strain' } | Import-Outcar @With }
        Wildcard       = { param($With) Import-Outcar al-strain/strain_+0.0[12]00/OUTCAR @With }
        Literal        = { param($With) Import-Outcar -LiteralPath 'a[1]/OUTCAR' @With }
        Fail           = { param($With) 'none', 'al-strain' | Import-Outcar @With }
        FailId         = 'PathNotFound'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    It 'reads files with the line ends of Windows' {
        $folder = New-Item (Join-Path $TestDrive 'crlf') -ItemType Directory
        $text = [IO.File]::ReadAllText("$PSScriptRoot/../../samples/al-strain/strain_+0.0100/OUTCAR")
        [IO.File]::WriteAllText((Join-Path $folder 'OUTCAR'), $text.ReplaceLineEndings("`r`n"))
        $frame = Import-Outcar $folder
        $frame.FreeEnergy | Should -Be (Import-Outcar "$PSScriptRoot/../../samples/al-strain/strain_+0.0100").FreeEnergy
    }

    It 'writes one warning a file for what it leaves out' {
        $folder = New-Item (Join-Path $TestDrive 'cut') -ItemType Directory
        Get-Content "$PSScriptRoot/../../samples/al-strain/strain_+0.0100/OUTCAR" -TotalCount 190 | Set-Content (Join-Path $folder 'OUTCAR')
        $warnings = $null
        Import-Outcar $folder -WarningVariable warnings -WarningAction SilentlyContinue -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $warnings.Count | Should -BeLessOrEqual 1
    }
}
